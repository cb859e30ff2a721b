/** What can go wrong between a process and NATS, as one class with a code. */

import { JetStreamApiError } from '@nats-io/jetstream';
import { errors as natsErrors, TimeoutError } from '@nats-io/transport-node';

/**
 * - `unavailable`: no server answers (now); worth a retry.
 * - `no-jetstream`: the server runs without JetStream.
 * - `conflict`: a compare-and-set found another revision, or the message was there already.
 * - `full`: the stream takes no more messages.
 * - `invalid`: NATS refused the call; a mistake of the caller.
 */
export type EventsErrorCode = 'unavailable' | 'no-jetstream' | 'conflict' | 'full' | 'invalid';

/** The only error that `@atelier/events` throws; the cause is for logs, the message for operators. */
export class EventsError extends Error {
  readonly code: EventsErrorCode;

  constructor(code: EventsErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EventsError';
    this.code = code;
  }

  /** `error` as an EventsError; `doing` says what was tried, for example "publish atelier.jobs.generation". */
  static from(error: unknown, doing: string): EventsError {
    if (error instanceof EventsError) return error;
    const code = codeOf(error);
    return new EventsError(
      code,
      `${doing}: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}

/** JetStream API error codes (nats-server `server/errors.json`). */
const WRONG_LAST_SEQUENCE = new Set([10071, 10164]);
const LIMITS = new Set([10047, 10054, 10077, 10122]);
const TEMPORARY = new Set([10008, 10009, 10023]);

function codeOf(error: unknown): EventsErrorCode {
  // Not exported as a class.
  if (error instanceof Error && error.name === 'JetStreamNotEnabled') return 'no-jetstream';
  if (error instanceof JetStreamApiError) {
    if (WRONG_LAST_SEQUENCE.has(error.code)) return 'conflict';
    if (LIMITS.has(error.code) || /maximum .* exceeded/.test(error.message)) return 'full';
    if (TEMPORARY.has(error.code) || error.status === 503) return 'unavailable';
    return 'invalid';
  }
  const unavailable = [
    TimeoutError,
    natsErrors.ConnectionError,
    natsErrors.ClosedConnectionError,
    natsErrors.DrainingConnectionError,
    natsErrors.NoRespondersError,
    natsErrors.RequestError,
  ];
  if (unavailable.some((type) => error instanceof type)) return 'unavailable';
  return isSystemError(error) ? 'unavailable' : 'invalid';
}

/** ECONNREFUSED and its kin come as plain errors with a code. */
function isSystemError(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code);
}
