/** Canonical gRPC codes (https://grpc.io/docs/guides/status-codes/), as values and as a type. */
import { status } from '@grpc/grpc-js';

export const Code = status;
export type Code = status;

/** Name of a code as the protocol writes it: "INVALID_ARGUMENT". Unknown numbers give "UNKNOWN". */
export function codeName(code: Code): string {
  return status[code] ?? 'UNKNOWN';
}
