/** What a protobuf-es method is on the wire: its path, and its messages as grpc-js buffers. */
import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { create, toBinary } from '@bufbuild/protobuf';

/** "package.Service/Method": the name in spans, metrics, logs and the budget table. */
export function methodName(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/** The HTTP/2 path: "/package.Service/Method". */
export function methodPath(method: DescMethod): string {
  return `/${methodName(method)}`;
}

/** Encodes without copying: grpc-js asks for a Buffer, protobuf-es gives a Uint8Array. */
export function encode<D extends DescMessage>(
  schema: D,
  message: MessageShape<D> | MessageInitShape<D>,
): Buffer {
  const bytes = toBinary(schema, create(schema, message as MessageInitShape<D>));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
