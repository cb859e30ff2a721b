/** What went wrong in a model run; stable names, fit for logs, metrics and `google.rpc.ErrorInfo.reason`. */
export type InferenceReason =
  | 'UNKNOWN_PROVIDER'
  | 'PROVIDER_UNAVAILABLE'
  | 'MODEL_LOAD_FAILED'
  | 'INPUT_MISMATCH'
  | 'RUN_FAILED'
  | 'NON_FINITE_OUTPUT'
  | 'WORKER_CRASHED'
  | 'SESSION_CLOSED'
  | 'QUEUE_FULL'
  | 'RUN_ABORTED';

/** The one error class of this library. The message names the model and the tensor or file, never tensor contents. */
export class InferenceError extends Error {
  readonly reason: InferenceReason;

  constructor(reason: InferenceReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InferenceError';
    this.reason = reason;
  }
}
