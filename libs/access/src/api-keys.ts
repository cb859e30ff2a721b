/**
 * API keys: 256 random bits, kept as their SHA-256. A slow hash would protect passwords, which can be guessed; these can't, and
 * every call pays for the hash.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '@atelier/rpc';
import { z } from 'zod';
import type { MountedFile } from './mounted-file.ts';
import { isTenant, unauthenticated, type Verifier } from './principal.ts';

/** What API keys begin with: tells them from JWTs, and lets secret scanners find them. */
export const API_KEY_PREFIX = 'atelier_';

const schema = z.strictObject({
  keys: z.array(
    z.strictObject({
      /** Name of the key, for logs; never the key. */
      id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/),
      tenant: z.string().refine(isTenant, 'must be 1 to 64 characters of [a-z0-9-]'),
      /** Of the whole key, 64 hexadecimal digits. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** When it stops working, ISO 8601 with offset; default: never. */
      expires: z.iso.datetime({ offset: true }).optional(),
    }),
  ),
});

interface KnownKey extends Principal {
  expiresMs: number;
}

/** Known keys by the SHA-256 of the key. */
export type ApiKeys = ReadonlyMap<string, KnownKey>;

/** The keys file. Throws Error naming what is wrong. */
export function parseApiKeys(text: string): ApiKeys {
  const { keys } = schema.parse(JSON.parse(text));
  return new Map(
    keys.map(({ id, tenant, sha256, expires }) => [
      sha256,
      { tenant, subject: `key:${id}`, expiresMs: expires ? Date.parse(expires) : Number.POSITIVE_INFINITY },
    ]),
  );
}

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A new key, to be shown once, and its row for the keys file. */
export function makeApiKey(id: string, tenant: string) {
  const key = `${API_KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  return { key, row: { id, tenant, sha256: digest(key) } };
}

/** Verifies keys by the file as it is now: a key taken out of it stops working within a second. */
export function apiKeyVerifier(file: MountedFile<ApiKeys>, now: () => number = Date.now): Verifier {
  return async (key) => {
    // The digest is looked up, not the key: how long that takes says nothing about any key.
    const known = (await file.current()).get(digest(key));
    if (!known) throw unauthenticated('the API key is not known', 'API_KEY_INVALID');
    if (now() >= known.expiresMs) throw unauthenticated('the API key has expired', 'API_KEY_EXPIRED');
    return { tenant: known.tenant, subject: known.subject };
  };
}
