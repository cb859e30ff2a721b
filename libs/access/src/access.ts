/** Who may call, for which tenant, and how much: put together from the settings. */
import type { Log } from '@atelier/process';
import type { Guard, Principal } from '@atelier/rpc';
import { API_KEY_PREFIX, apiKeyVerifier, parseApiKeys } from './api-keys.ts';
import { type LimitTable, parseLimits, rateOf } from './limits.ts';
import { MountedFile } from './mounted-file.ts';
import { unauthenticated, type Verifier } from './principal.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { AccessSettings } from './settings.ts';

export interface Access {
  /** Whose call it is, by its `authorization` header. Rejects with RpcError UNAUTHENTICATED. */
  authenticate(authorization: string | undefined): Promise<Principal>;
  /** Count a call of the tenant. Rejects with RpcError RESOURCE_EXHAUSTED. */
  count(tenant: string): Promise<void>;
  /** Pictures a day of the tenant; undefined: as many as it likes. */
  imagesPerDay(tenant: string): Promise<number | undefined>;
  /** Both of the first two, for a gRPC server. */
  guard: Guard;
}

/**
 * Undefined when no credentials are configured: everybody may call for any tenant, which `log` is warned of. Rejects with an Error
 * that names the setting or file that is wrong.
 */
export async function openAccess(
  settings: AccessSettings,
  log: Pick<Log, 'info' | 'warn'>,
): Promise<Access | undefined> {
  const open = <T>(path: string, parse: (text: string) => T) =>
    MountedFile.open(path, parse, { onError: (err) => log.warn({ err }, 'mounted file') });
  const { apiKeysFile, tenantLimitsFile } = settings;
  const keys = apiKeysFile === undefined ? undefined : await open(apiKeysFile, parseApiKeys);
  const jwt = await openJwt(settings, open);
  const limits = tenantLimitsFile === undefined ? undefined : await open(tenantLimitsFile, parseLimits);
  if (!keys && !jwt) {
    if (limits)
      throw new Error('ATELIER_TENANT_LIMITS_FILE needs ATELIER_API_KEYS_FILE or ATELIER_JWKS_FILE');
    log.warn('authentication is off: every caller may name any tenant');
    return undefined;
  }
  log.info({ api_keys: Boolean(keys), jwt: Boolean(jwt), limits: Boolean(limits) }, 'authentication is on');
  return access(keys && apiKeyVerifier(keys), jwt, limits);
}

/** Undefined without a key set. The library for tokens is loaded only where they are taken. */
async function openJwt(
  { jwksFile, jwtIssuer, jwtAudience, jwtTenantClaim }: AccessSettings,
  open: <T>(path: string, parse: (text: string) => T) => Promise<MountedFile<T>>,
): Promise<Verifier | undefined> {
  if (jwksFile === undefined) return undefined;
  const { jwtVerifier, parseJwks } = await import('./jwt.ts');
  const keys = await open(jwksFile, parseJwks);
  if (!jwtIssuer) throw new Error('ATELIER_JWKS_FILE needs ATELIER_JWT_ISSUER');
  return jwtVerifier(keys, { issuer: jwtIssuer, audience: jwtAudience, tenantClaim: jwtTenantClaim });
}

function access(
  apiKey: Verifier | undefined,
  jwt: Verifier | undefined,
  limits: MountedFile<LimitTable> | undefined,
): Access {
  const limiter = new RateLimiter();
  const authenticate = async (authorization: string | undefined): Promise<Principal> => {
    const [, token] = /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(authorization ?? '') ?? [];
    if (!token) {
      throw unauthenticated('send "authorization: Bearer <API key or token>"', 'CREDENTIALS_MISSING');
    }
    const verify = token.startsWith(API_KEY_PREFIX) ? apiKey : jwt;
    if (!verify) throw unauthenticated('this kind of credential is not taken', 'CREDENTIALS_UNSUPPORTED');
    return await verify(token);
  };
  const limitsOf = async (tenant: string) => (await limits?.current())?.(tenant);
  const count = async (tenant: string): Promise<void> => {
    const own = await limitsOf(tenant);
    if (own) limiter.count(tenant, rateOf(own));
  };
  return {
    authenticate,
    count,
    imagesPerDay: async (tenant) => (await limitsOf(tenant))?.imagesPerDay,
    async guard({ metadata }) {
      const principal = await authenticate(metadata.get('authorization').map(String)[0]);
      await count(principal.tenant);
      return principal;
    },
  };
}
