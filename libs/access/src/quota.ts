/** A day's pictures. Pure; the clock is an argument. */
import { resourceExhausted } from '@atelier/rpc';

const DAY_MS = 86_400_000;

/** The UTC day of a time in milliseconds, "2026-11-28": under which use is counted. */
export const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10);

/**
 * What a tenant has used once `images` more are drawn. Throws RpcError RESOURCE_EXHAUSTED (`QUOTA_EXCEEDED`) when that is above
 * `limit`; what it asks to wait for is the next day.
 */
export function spend(used: number, images: number, limit: number, nowMs: number): number {
  if (used + images <= limit) return used + images;
  const untilTomorrow = DAY_MS - (nowMs % DAY_MS);
  throw resourceExhausted(
    `${images} more would be above ${limit} images a day; ${Math.max(0, limit - used)} are left`,
    untilTomorrow,
    'QUOTA_EXCEEDED',
  );
}
