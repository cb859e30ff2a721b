/** Calls with bytes that no client of ours would send. */
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';

/** The error that the server answers `bytes` with, sent as the request of a unary method; null when it accepts them. */
export async function callWithBytes(
  address: string,
  method: string,
  bytes: Buffer,
): Promise<ServiceError | null> {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
  });
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(
        `/${method}`,
        (request: Buffer) => request,
        (response) => response,
        bytes,
        { deadline: Date.now() + 20_000 },
        (error) => resolve(error),
      );
    });
  } finally {
    client.close();
  }
}
