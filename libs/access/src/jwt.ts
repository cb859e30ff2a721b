/** JSON Web Tokens, checked by jose against the keys of a mounted JWKS. */
import { createLocalJWKSet, errors, type JWSHeaderParameters, jwtVerify } from 'jose';
import { z } from 'zod';
import type { MountedFile } from './mounted-file.ts';
import { isTenant, unauthenticated, type Verifier } from './principal.ts';

export interface JwtOptions {
  /** The `iss` that tokens must have. */
  issuer: string;
  /** An `aud` that tokens must have. */
  audience: string;
  /** Claim that names the tenant. */
  tenantClaim: string;
}

/** Signatures with a private key only: with a shared secret, whoever can check a token could make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** How far clocks may be apart, seconds. */
const CLOCK_TOLERANCE_S = 30;

const schema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** A JWKS file. Throws Error naming what is wrong. */
export function parseJwks(text: string): KeySet {
  return createLocalJWKSet(schema.parse(JSON.parse(text)));
}

/** Verifies signature, issuer, audience and times; the tenant is what the token's claim says. */
export function jwtVerifier(file: MountedFile<KeySet>, options: JwtOptions): Verifier {
  const { issuer, audience, tenantClaim } = options;
  const checks = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_S };
  return async (token) => {
    const keys = await file.current();
    const key = (header: JWSHeaderParameters, jws: Parameters<KeySet>[1]) => keys(header, jws);
    try {
      const { payload } = await jwtVerify(token, key, { ...checks, requiredClaims: ['exp', 'sub'] });
      const tenant = payload[tenantClaim];
      if (!isTenant(tenant)) throw unauthenticated('the token names no tenant', 'TOKEN_WITHOUT_TENANT');
      return { tenant, subject: `jwt:${payload.sub}` };
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw unauthenticated('the token has expired', 'TOKEN_EXPIRED', error);
      // One answer for bad signatures, keys and claims: the difference is for the log.
      if (error instanceof errors.JOSEError)
        throw unauthenticated('the token is not valid', 'TOKEN_INVALID', error);
      throw error;
    }
  };
}
