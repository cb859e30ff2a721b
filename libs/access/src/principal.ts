/** What every credential comes down to. */
import { Code, type Principal, RpcError } from '@atelier/rpc';

/** Checks a bearer token of one kind; rejects with RpcError UNAUTHENTICATED. */
export type Verifier = (token: string) => Promise<Principal>;

/** UNAUTHENTICATED; `reason` tells a developer what to mend and an attacker nothing about the keys there are. */
export const unauthenticated = (message: string, reason: string, cause?: unknown): RpcError =>
  new RpcError(Code.UNAUTHENTICATED, message, { reason, cause });

/** Names of tenants, as GenerationService takes them. */
export const isTenant = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z0-9-]{1,64}$/.test(name);
