/** Who asks: pseudonyms of browsers and keys. Nobody is authenticated here; that is a proxy's to do. */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

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
  const key = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const cookie = key ? undefined : cookieOf(headers.cookie);
  const secret = key ?? cookie ?? randomBytes(16).toString('base64url');
  const user = pseudonym(key ? 'key' : 'web', secret);
  return { user, tenant: shared ?? user, ...(!key && !cookie && { newCookie: secret }) };
}

function cookieOf(header = ''): string | undefined {
  for (const part of header.split(';')) {
    const [name, value = ''] = part.trim().split('=');
    if (name === COOKIE && SECRET.test(value)) return value;
  }
  return undefined;
}

/** Value of Set-Cookie. Scripts can't read it, other sites' requests don't carry it. */
export const setCookie = (secret: string, secure: boolean): string =>
  `${COOKIE}=${secret}; Path=/; Max-Age=${YEAR_S}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
