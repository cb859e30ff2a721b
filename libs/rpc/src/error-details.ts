/**
 * Errors on the wire: google.rpc.Status with ErrorInfo, BadRequest and RetryInfo, in the trailer
 * `grpc-status-details-bin` (https://cloud.google.com/apis/design/errors).
 */
import {
  BadRequestSchema,
  create,
  durationFromMs,
  durationMs,
  ErrorInfoSchema,
  fromBinary,
  RetryInfoSchema,
  type Status,
  StatusSchema,
  toBinary,
} from '@atelier/contracts';
import { type Any, anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { Code } from './code.ts';

const trailerKey = 'grpc-status-details-bin';
/** Tells grpc clients when to retry (gRFC A6); only those that retry at all read it. */
const pushbackKey = 'grpc-retry-pushback-ms';

/** What travels beside code and message. */
export interface ErrorDetails {
  reason: string;
  violations: { field: string; description: string }[];
  retryAfterMs?: number;
  metadata: Record<string, string>;
}

/** Whether `thrown` is what grpc-js gives for a failed call. */
export function isServiceError(thrown: unknown): thrown is ServiceError {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'number' &&
    'metadata' in thrown &&
    thrown.metadata instanceof Metadata
  );
}

/** The message google.rpc.Status of an error. */
export function statusMessage(code: Code, message: string, details: ErrorDetails): Status {
  const packed: Any[] = [
    anyPack(
      ErrorInfoSchema,
      create(ErrorInfoSchema, { reason: details.reason, domain: 'atelier', metadata: details.metadata }),
    ),
  ];
  if (details.violations.length > 0) {
    packed.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: details.violations })));
  }
  if (details.retryAfterMs !== undefined) {
    const retryDelay = durationFromMs(details.retryAfterMs);
    packed.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay })));
  }
  return create(StatusSchema, { code, message, details: packed });
}

/** Trailers of a failed call. */
export function writeDetails(code: Code, message: string, details: ErrorDetails): Metadata {
  const metadata = new Metadata();
  metadata.set(trailerKey, Buffer.from(toBinary(StatusSchema, statusMessage(code, message, details))));
  if (code === Code.UNAVAILABLE && details.retryAfterMs !== undefined) {
    metadata.set(pushbackKey, String(Math.ceil(details.retryAfterMs)));
  }
  return metadata;
}

/** Details from a failed call's trailers; nothing when absent or unreadable, since any server may have sent them. */
export function readDetails(metadata: Metadata): Partial<ErrorDetails> {
  const [value] = metadata.get(trailerKey);
  if (!(value instanceof Buffer)) return {};
  try {
    return readStatus(fromBinary(StatusSchema, value));
  } catch {
    return {};
  }
}

/** Details of a google.rpc.Status; types we don't know are passed over. */
export function readStatus(status: Status): Partial<ErrorDetails> {
  const details: Partial<ErrorDetails> = {};
  for (const any of status.details) {
    const info = anyUnpack(any, ErrorInfoSchema);
    if (info) {
      details.reason = info.reason;
      details.metadata = info.metadata;
    }
    const badRequest = anyUnpack(any, BadRequestSchema);
    if (badRequest) {
      details.violations = badRequest.fieldViolations.map(({ field, description }) => ({
        field,
        description,
      }));
    }
    const retry = anyUnpack(any, RetryInfoSchema);
    if (retry?.retryDelay) details.retryAfterMs = durationMs(retry.retryDelay);
  }
  return details;
}
