import { Code, cancelled, RpcError, resourceExhausted, unavailable } from '@atelier/rpc';
import { InferenceError } from './errors.ts';

/**
 * What a caller is told of a failed run; other errors as RpcError.from tells them. Inputs are checked by the service
 * before they get here, so a mismatch is our fault, not the caller's.
 * @param retryAfterMs when to come back after QUEUE_FULL.
 */
export function inferenceRpcError(error: unknown, retryAfterMs = 500): RpcError {
  if (!(error instanceof InferenceError)) return RpcError.from(error);
  switch (error.reason) {
    case 'QUEUE_FULL':
      return resourceExhausted('The model has as much work waiting as it may', retryAfterMs, 'QUEUE_FULL');
    case 'RUN_ABORTED':
      return cancelled('cancelled', error);
    case 'WORKER_CRASHED':
    case 'SESSION_CLOSED':
      return unavailable('The model is not running', { reason: error.reason, retryAfterMs, cause: error });
    default:
      return new RpcError(Code.INTERNAL, 'The model failed', { reason: error.reason, cause: error });
  }
}
