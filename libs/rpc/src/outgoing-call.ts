/** Limits of a call that is about to be made: the caller's options, within those of the call being handled. */
import { currentCall } from './call-context.ts';
import { budgetMs } from './deadlines.ts';
import { cancelled, deadlineExceeded, RpcError } from './rpc-error.ts';

export interface CallOptions {
  /** Cancels the call. */
  signal?: AbortSignal;
  /** Time for the call with its retries, milliseconds; default: the method's budget (deadlines.ts). */
  timeoutMs?: number;
  /**
   * Asks another replica too, and then a third, whenever there is no answer for so long, milliseconds. Unary methods that change nothing only;
   * well above what they take, as every hedge is work done twice. Default: never.
   */
  hedgeAfterMs?: number;
  /** Metadata to send; keys in lower case. */
  metadata?: Record<string, string>;
}

/** When the call has to be over, ms since the epoch. @throws RpcError DEADLINE_EXCEEDED when that is now or past. */
export function deadlineFor(method: string, options: CallOptions): number {
  const asked = options.timeoutMs ?? budgetMs(method);
  const remaining = Math.min(asked, currentCall()?.remainingMs() ?? Number.POSITIVE_INFINITY);
  if (remaining <= 0) throw deadlineExceeded(`no time left to call ${method}`, { reason: 'NO_TIME_LEFT' });
  return Date.now() + remaining;
}

/** Cancellation of an outgoing call, by its own signal or by the end of the call being handled. */
export interface Cancellation {
  /** Set once a signal has aborted: the error to throw. */
  error(): RpcError | undefined;
  /** Stops listening. */
  release(): void;
}

/** Calls `cancel` when a signal that concerns the call aborts. @throws RpcError when one already has. */
export function cancelOnAbort(options: CallOptions, cancel: () => void): Cancellation {
  const signals = [options.signal, currentCall()?.signal].filter((signal) => signal !== undefined);
  for (const signal of signals) signal.addEventListener('abort', cancel, { once: true });
  return {
    error() {
      const aborted = signals.find((signal) => signal.aborted);
      return aborted && abortError(aborted);
    },
    release() {
      for (const signal of signals) signal.removeEventListener('abort', cancel);
    },
  };
}

/** DEADLINE_EXCEEDED or another RpcError where the signal says so, else CANCELLED. */
function abortError(signal: AbortSignal): RpcError {
  const { reason } = signal;
  if (reason instanceof RpcError) return reason;
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? RpcError.from(reason)
    : cancelled('cancelled', reason);
}
