/** Settings of whatever faces callers: spread them into the schema of a service's config.ts. */
import { z } from 'zod';

export const accessSettings = {
  /** File with hashed API keys; default: none are taken. */
  apiKeysFile: z.string().optional(),
  /** File with the JWKS that JWTs are checked by; default: none are taken. */
  jwksFile: z.string().optional(),
  /** The `iss` of JWTs; needed with a JWKS. */
  jwtIssuer: z.string().optional(),
  /** The `aud` of JWTs. */
  jwtAudience: z.string().default('atelier'),
  /** Claim of JWTs that names the tenant. */
  jwtTenantClaim: z.string().default('tenant'),
  /** File with what tenants may do; default: no limits but the queue's. Needs one of the two above. */
  tenantLimitsFile: z.string().optional(),
};

export type AccessSettings = z.output<z.ZodObject<typeof accessSettings>>;
