/** A call while a server handles it: its deadline, its cancellation, its span, its end. */

import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { context } from '@opentelemetry/api';
import { type CallContext, withinCall } from './call-context.ts';
import { Code } from './code.ts';
import { budgetMs, hopReserveMs, minimumMs } from './deadlines.ts';
import type { Guard } from './guard.ts';
import { checkCaller } from './mesh-tls.ts';
import { cancelled, deadlineExceeded, RpcError, unavailable } from './rpc-error.ts';
import { measureServerCall } from './telemetry.ts';

type SurfaceCall = ServerUnaryCall<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>;

/** What the server shares with its calls. */
export interface ServerLife {
  /** Aborts when the server begins to drain. */
  draining: AbortSignal;
  /** Aborts, with an RpcError, when the time to drain is over. */
  closing: AbortSignal;
  /** Asked before each call of a bound service. */
  guard?: Guard;
  /** Calls whose handler runs, or whose answer is still being written. */
  inHand: number;
  /** Called when the last call in hand has ended. */
  onIdle?: () => void;
  /** Called for every call that failed by our own fault, with the cause still in the error. */
  onError?: (error: RpcError, method: string) => void;
}

/**
 * Runs `work` as the handling of `call` and resolves to the error to answer with, or undefined. Answers as soon as the
 * call is aborted, whether or not `work` takes notice.
 */
export async function handleCall(
  call: SurfaceCall,
  method: string,
  life: ServerLife,
  work: (ctx: CallContext) => Promise<void>,
): Promise<RpcError | undefined> {
  const measured = measureServerCall(method, call.metadata);
  life.inHand++;
  // grpc-js emits 'cancelled' at the end of every call, also of one that went well: when its status is written, which for
  // a large answer and a slow reader is long after the handler's end. Only then may the connection learn that it closes.
  call.once('cancelled', () =>
    setImmediate(() => {
      if (--life.inHand === 0) life.onIdle?.();
    }),
  );
  const abort = new AbortController();
  const deadline = deadlineOf(call, method);
  const onCancel = () => abort.abort(cancelled('cancelled by the caller'));
  const onClosing = () => abort.abort(life.closing.reason);
  call.once('cancelled', onCancel);
  life.closing.addEventListener('abort', onClosing);
  const timer = setTimeout(
    () => abort.abort(deadlineExceeded(`deadline exceeded in ${method}`)),
    Math.max(0, deadline - Date.now()),
  );
  const ctx: CallContext = {
    signal: abort.signal,
    draining: life.draining,
    remainingMs: () => Math.max(0, deadline - Date.now()),
    metadata: call.metadata,
    peer: call.getPeer(),
  };
  let error: RpcError | undefined;
  try {
    if (life.draining.aborted) throw shuttingDown();
    refuseIfLate(deadline, method);
    const guarded = async () => {
      checkCaller(call, method.slice(0, method.indexOf('/')));
      if (life.guard) ctx.principal = await life.guard({ method, metadata: call.metadata });
      await work(ctx);
    };
    const done = context.with(measured.context, () => withinCall(ctx, guarded));
    await Promise.race([done, rejectOnAbort(abort.signal)]);
  } catch (thrown) {
    error = RpcError.from(abort.signal.aborted ? abort.signal.reason : thrown);
    if (error.code === Code.INTERNAL || error.code === Code.UNKNOWN) life.onError?.(error, method);
  } finally {
    clearTimeout(timer);
    // From here on it means nothing but the end.
    call.off('cancelled', onCancel);
    life.closing.removeEventListener('abort', onClosing);
    measured.end(error?.code ?? Code.OK);
  }
  return error;
}

/** When the handler has to be done, ms since the epoch: the caller's deadline, or the method's budget, less the reserve. */
function deadlineOf(call: SurfaceCall, method: string): number {
  const asked = Number(call.getDeadline());
  const latest = Date.now() + budgetMs(method);
  // Number.isFinite also catches the Infinity that grpc-js gives for "none".
  return (Number.isFinite(asked) ? Math.min(asked, Date.now() + maxTimerMs) : latest) - hopReserveMs;
}

/** The longest that setTimeout can wait. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * For calls that arrive at a server that drains; round robin picks another replica. Not at once: that one may have come up a moment ago,
 * and four attempts within a millisecond would all be over before the caller is connected to it.
 */
export function shuttingDown(): RpcError {
  return unavailable('server is shutting down', { reason: 'SHUTTING_DOWN' });
}

function refuseIfLate(deadline: number, method: string): void {
  const remaining = deadline + hopReserveMs - Date.now();
  if (remaining >= minimumMs) return;
  throw deadlineExceeded(
    `${Math.max(0, remaining)} ms remain for ${method}, at least ${minimumMs} ms are needed`,
    {
      reason: 'DEADLINE_TOO_SHORT',
      metadata: { minimum_ms: String(minimumMs) },
    },
  );
}

/** Never resolves; rejects with the signal's reason. */
export function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
