/** Asking a server what it serves (grpc.reflection.v1), without generated code: two fields are all there is to it. */
import { Client, credentials } from '@grpc/grpc-js';

const PATH = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
/** ServerReflectionRequest.list_services (field 7, length-delimited) with the text "*". */
const LIST_SERVICES = Buffer.from([(7 << 3) | 2, 1, '*'.charCodeAt(0)]);

/** The raw ListServiceResponse of the server at `address`; service names are readable in it. Rejects with a gRPC error. */
export async function listServices(address: string): Promise<string> {
  const client = new Client(address, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      const call = client.makeBidiStreamRequest<Buffer, Buffer>(
        PATH,
        (bytes) => bytes,
        (bytes) => bytes,
        { deadline: Date.now() + 5_000 },
      );
      call.on('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
      call.on('error', reject);
      call.end(LIST_SERVICES);
    });
  } finally {
    client.close();
  }
}
