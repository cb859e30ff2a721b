/** What a caller proves who they are with, carried from the request to the mesh, which alone judges it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import { readCookie } from './http/cookie.ts';

const COOKIE = 'atelier-key';
/** What a cookie can hold as it is: API keys and JWTs are made of nothing else. */
export const CREDENTIAL = /^[\w.~+/=-]{1,4096}$/;
const MONTH_S = 2_592_000;

const current = new AsyncLocalStorage<string | undefined>();

/** Runs `work` on behalf of whoever sent these headers: a bearer token, else what they signed in with. */
export const onBehalfOf = <T>(headers: IncomingHttpHeaders, work: () => T): T =>
  current.run(bearerOf(headers) ?? readCookie(headers.cookie, COOKIE, CREDENTIAL), work);

/** Runs `work` with a credential that is only being tried. */
export const withCredential = <T>(credential: string, work: () => T): T => current.run(credential, work);

/** The credential of the request being answered; undefined: none was shown. */
export const currentCredential = (): string | undefined => current.getStore();

export const bearerOf = ({ authorization = '' }: IncomingHttpHeaders): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization)?.[1];

/** Value of Set-Cookie that signs a browser in, or out with ''. Scripts can't read it, other sites' requests don't carry it. */
export const credentialCookie = (credential: string, secure: boolean): string =>
  `${COOKIE}=${credential}; Path=/; Max-Age=${credential ? MONTH_S : 0}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
