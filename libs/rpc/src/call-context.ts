/** What a handler knows about its call, and how the calls it makes inherit deadline and cancellation from it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metadata } from '@grpc/grpc-js';
import type { Principal } from './guard.ts';

export interface CallContext {
  /** Aborts when the caller cancels, its connection breaks, or the deadline passes; the reason is an RpcError. */
  signal: AbortSignal;
  /** Aborts when the server begins to drain: long streams should end so that clients resume at another replica. */
  draining: AbortSignal;
  /** Milliseconds left for the handler, the hop's reserve already taken off; 0 or more. */
  remainingMs(): number;
  /** Request metadata, W3C trace headers included. */
  metadata: Metadata;
  /** Address of the caller, "ip:port". */
  peer: string;
  /** Whose call it is; undefined on a server without guard. */
  principal?: Principal;
}

const storage = new AsyncLocalStorage<CallContext | undefined>();

/** The call being handled, if any. */
export function currentCall(): CallContext | undefined {
  return storage.getStore();
}

/** Runs `work` as part of `call`. */
export function withinCall<T>(call: CallContext, work: () => T): T {
  return storage.run(call, work);
}

/** Runs `work` outside of any call: for work that outlives the handler that starts it. */
export function withoutCall<T>(work: () => T): T {
  return storage.run(undefined, work);
}
