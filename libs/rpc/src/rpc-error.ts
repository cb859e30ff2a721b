/**
 * The one error class of the mesh. It carries what a caller may know (code, reason, fields, when to retry);
 * the `cause` stays on the side that threw it.
 */

import type { Status } from '@atelier/contracts';
import { StatusSchema } from '@atelier/contracts';
import { create } from '@bufbuild/protobuf';
import { Code, codeName } from './code.ts';
import {
  type ErrorDetails,
  isServiceError,
  readDetails,
  readStatus,
  statusMessage,
} from './error-details.ts';

/** A refused field: `field` is a path in snake_case, `description` names the limit with its unit. */
export interface Violation {
  field: string;
  description: string;
}

export interface RpcErrorOptions {
  /** UPPER_SNAKE_CASE, stable; default: the code's name. */
  reason?: string;
  /** Refused fields; goes with INVALID_ARGUMENT. */
  violations?: Violation[];
  /** Least wait before another try, milliseconds; goes with UNAVAILABLE and RESOURCE_EXHAUSTED. */
  retryAfterMs?: number;
  /** Further facts for programs; never user content. */
  metadata?: Record<string, string>;
  /** What went wrong underneath; never sent. */
  cause?: unknown;
}

export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: Code;
  readonly reason: string;
  readonly domain = 'atelier';
  readonly violations: Violation[];
  readonly retryAfterMs?: number;
  readonly metadata: Record<string, string>;

  constructor(code: Code, message: string, options: RpcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.reason ?? codeName(code);
    this.violations = options.violations ?? [];
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    this.metadata = options.metadata ?? {};
  }

  /**
   * Whatever was thrown, as an RpcError: itself; a gRPC error with its details; an aborted or timed-out operation
   * as CANCELLED or DEADLINE_EXCEEDED; anything else as INTERNAL with a message that gives nothing away.
   */
  static from(thrown: unknown): RpcError {
    if (thrown instanceof RpcError) return thrown;
    if (isServiceError(thrown)) {
      return new RpcError(thrown.code, thrown.details, { ...readDetails(thrown.metadata), cause: thrown });
    }
    if (thrown instanceof Error && thrown.name === 'AbortError') return cancelled('cancelled', thrown);
    if (thrown instanceof Error && thrown.name === 'TimeoutError') {
      return deadlineExceeded('timed out', { cause: thrown });
    }
    return internal('internal error', thrown);
  }

  /** From a stored or received google.rpc.Status. */
  static fromStatus(stored: Status): RpcError {
    return new RpcError(stored.code, stored.message, readStatus(stored));
  }

  /** As google.rpc.Status, for records and events. The cause is left out. */
  toStatus(): Status {
    return create(StatusSchema, statusMessage(this.code, this.message, this.details()));
  }

  /** The typed details that travel with the error. */
  details(): ErrorDetails {
    return {
      reason: this.reason,
      violations: this.violations,
      metadata: this.metadata,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }
}

/** INVALID_ARGUMENT naming each refused field. */
export function invalidArgument(violations: Violation[], reason = 'INVALID_ARGUMENT'): RpcError {
  const message = violations.map((violation) => `${violation.field}: ${violation.description}`).join('; ');
  return new RpcError(Code.INVALID_ARGUMENT, message, { reason, violations });
}

/** RESOURCE_EXHAUSTED: no room now; `retryAfterMs` says when to come back. */
export function resourceExhausted(message: string, retryAfterMs: number, reason?: string): RpcError {
  return new RpcError(Code.RESOURCE_EXHAUSTED, message, { retryAfterMs, ...(reason ? { reason } : {}) });
}

/** UNAVAILABLE: the caller may try again, after `retryAfterMs` when given. */
export function unavailable(
  message: string,
  options: Pick<RpcErrorOptions, 'retryAfterMs' | 'reason' | 'cause'> = {},
): RpcError {
  return new RpcError(Code.UNAVAILABLE, message, options);
}

/** FAILED_PRECONDITION: the system's state forbids it; trying again alone won't help. */
export function failedPrecondition(message: string, reason?: string): RpcError {
  return new RpcError(Code.FAILED_PRECONDITION, message, reason ? { reason } : {});
}

/** NOT_FOUND. */
export function notFound(message: string, reason?: string): RpcError {
  return new RpcError(Code.NOT_FOUND, message, reason ? { reason } : {});
}

/** ALREADY_EXISTS. */
export function alreadyExists(message: string, reason?: string): RpcError {
  return new RpcError(Code.ALREADY_EXISTS, message, reason ? { reason } : {});
}

/** INTERNAL: a fault of ours. `cause` is logged where it happened and not sent. */
export function internal(message: string, cause?: unknown): RpcError {
  return new RpcError(Code.INTERNAL, message, { cause });
}

/** CANCELLED by the caller. */
export function cancelled(message = 'cancelled', cause?: unknown): RpcError {
  return new RpcError(Code.CANCELLED, message, { cause });
}

/** DEADLINE_EXCEEDED. */
export function deadlineExceeded(
  message: string,
  options: Pick<RpcErrorOptions, 'reason' | 'cause' | 'metadata'> = {},
): RpcError {
  return new RpcError(Code.DEADLINE_EXCEEDED, message, options);
}
