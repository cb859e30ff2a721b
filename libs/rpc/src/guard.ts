/** Whether a call may be handled, and for whom: asked before its request is even decoded. */
import type { Metadata } from '@grpc/grpc-js';

/** Whose call it is, as its credential proves. */
export interface Principal {
  /** What is accounted and kept apart, 1 to 64 characters of [a-z0-9-]. */
  readonly tenant: string;
  /** Who exactly, for logs: the name of a key or account, never a secret. */
  readonly subject: string;
}

/** What a guard decides by. */
export interface GuardedCall {
  /** "package.Service/Method". */
  readonly method: string;
  readonly metadata: Metadata;
}

/** Resolves to whose call it is; rejects with an RpcError, mostly UNAUTHENTICATED, PERMISSION_DENIED or RESOURCE_EXHAUSTED. */
export type Guard = (call: GuardedCall) => Promise<Principal>;
