/** Who asks: pseudonyms of browsers and keys. Whether a key is good is the mesh's to say (credential.ts). */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { bearerOf } from './credential.ts';
import { readCookie } from './http/cookie.ts';

export interface Identity {
  /** Pseudonym, at most 64 characters of [a-z0-9-]; says nothing of cookie or key. */
  user: string;
  /** Tenant that generations are accounted to and listed by. */
  tenant: string;
  /** The cookie to set, for a browser that has none. */
  newCookie?: string;
}

const COOKIE = 'atelier';
const YEAR_S = 31_536_000;
/** 128 random bits, base64url. */
const SECRET = /^[A-Za-z0-9_-]{22}$/;

const pseudonym = (kind: 'web' | 'key', secret: string): string =>
  `${kind}-${createHash('sha256').update(`${kind}\n${secret}`).digest('hex').slice(0, 32)}`;

/**
 * The identity of a request: that of its bearer token, else of its cookie, else a new one.
 * @param shared the tenant of everybody, where the operator wants one.
 */
export function identityOf(headers: IncomingHttpHeaders, shared?: string): Identity {
  const key = bearerOf(headers);
  const cookie = key ? undefined : readCookie(headers.cookie, COOKIE, SECRET);
  const secret = key ?? cookie ?? randomBytes(16).toString('base64url');
  const user = pseudonym(key ? 'key' : 'web', secret);
  return { user, tenant: shared ?? user, ...(!key && !cookie && { newCookie: secret }) };
}

/** Value of Set-Cookie. Scripts can't read it, other sites' requests don't carry it. */
export const setCookie = (secret: string, secure: boolean): string =>
  `${COOKIE}=${secret}; Path=/; Max-Age=${YEAR_S}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
