/** A tenant's pictures of the day, counted on NATS for all replicas. */
import { dayOf, spend } from '@atelier/access';
import type { Events } from '@atelier/events';

export interface Quota {
  /** Count `images` of the tenant. Rejects with RpcError RESOURCE_EXHAUSTED when they are too many today. */
  spend(tenant: string, images: number): Promise<void>;
  /** Give back what nothing was drawn for. */
  refund(tenant: string, images: number): Promise<void>;
}

/** Pictures a day; undefined: no limit, and nothing is counted. */
export type ImagesPerDay = (tenant: string) => Promise<number | undefined>;

/** A replica that dies between counting and recording has counted for nothing: a quota errs on the side of the machine. */
export function createQuota(
  events: Pick<Events, 'usage'>,
  imagesPerDay: ImagesPerDay | undefined,
  now: () => number = Date.now,
): Quota {
  const key = (tenant: string): string => `${tenant}.${dayOf(now())}`;
  return {
    async spend(tenant, images) {
      const limit = await imagesPerDay?.(tenant);
      if (limit === undefined) return;
      await events.usage.change(key(tenant), (used) => spend(used, images, limit, now()));
    },
    async refund(tenant, images) {
      if ((await imagesPerDay?.(tenant)) === undefined) return;
      await events.usage.change(key(tenant), (used) => Math.max(0, used - images));
    },
  };
}
