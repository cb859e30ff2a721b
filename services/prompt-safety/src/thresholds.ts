/** Thresholds of tenants: what blocks for whom. */
import { z } from 'zod';
import { CATEGORIES, type Category, type Policy } from './policy/schema.ts';

export type Thresholds = Readonly<Record<Category, number>>;

/** Tenant → category → threshold, 0 (nothing passes) to 1; "*" is for every tenant that has no value of its own. */
export const tenantThresholdsSchema = z.record(
  z.string().regex(/^(\*|[A-Za-z0-9_.-]{1,64})$/u, 'expected a tenant or *'),
  z.partialRecord(z.enum(CATEGORIES), z.number().min(0).max(1)),
);
export type TenantThresholds = z.output<typeof tenantThresholdsSchema>;

/** Parses the setting: a JSON object. */
export const tenantThresholds = z
  .string()
  .default('{}')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(tenantThresholdsSchema);

/**
 * A tenant's thresholds: its own, else everybody's, else the policy's. A tenant can't loosen what concerns minors: there
 * the strictest of all counts.
 */
export function thresholdsFor(policy: Policy, tenants: TenantThresholds, tenant: string): Thresholds {
  const own = Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
  const merged = { ...policy.thresholds, ...tenants['*'], ...own };
  return { ...merged, minors: Math.min(merged.minors, policy.thresholds.minors) };
}
