/** A safety service that can't be asked ends the generation; it is neither skipped nor waited for. */
import { Code, RpcError } from '@atelier/rpc';

/** An error of a safety service, which is final: no further attempt is made. */
export class SafetyUnavailable extends RpcError {}

/** The answer of a safety service; every error (after the retries of the call itself) becomes SafetyUnavailable. */
export async function failClosed<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const error = RpcError.from(thrown);
    // A prompt that can't be judged, in another language for example, is the caller's to mend; the rest is ours.
    const { violations } = error;
    const reason = error.code === Code.INVALID_ARGUMENT ? error.reason : 'SAFETY_UNAVAILABLE';
    const message = `no safety verdict: ${error.message}`;
    throw new SafetyUnavailable(error.code, message, { reason, violations, cause: thrown });
  }
}
