/** What each tenant may do, from a mounted file. */
import { z } from 'zod';
import type { Rate } from './token-bucket.ts';

const limits = z.strictObject({
  /** Calls a minute, on average, in each process. */
  requestsPerMinute: z.number().positive().max(1e9),
  /** Calls at once after a pause. */
  burst: z.number().int().min(1).max(1e6),
  /** Pictures a day (UTC), in the whole mesh. */
  imagesPerDay: z.number().int().min(0).max(1e9),
});

const schema = z.strictObject({
  /** For tenants that are not named. */
  default: limits,
  /** By tenant; what is absent is the default's. */
  tenants: z.record(z.string(), limits.partial()).default({}),
});

export type Limits = z.output<typeof limits>;
/** The limits of a tenant. */
export type LimitTable = (tenant: string) => Limits;

/** The limits file. Throws Error naming what is wrong. */
export function parseLimits(text: string): LimitTable {
  const table = schema.parse(JSON.parse(text));
  const known = new Map(Object.entries(table.tenants));
  return (tenant) => {
    const own = Object.entries(known.get(tenant) ?? {}).filter(([, value]) => value !== undefined);
    return { ...table.default, ...Object.fromEntries(own) };
  };
}

/** The rate of calls as a bucket has it. */
export const rateOf = ({ requestsPerMinute, burst }: Limits): Rate => ({
  perSecond: requestsPerMinute / 60,
  burst,
});
