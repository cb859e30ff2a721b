/** Decoding of what a stranger sent: bytes that are no message are INVALID_ARGUMENT, naming the field where possible. */
import { isUtf8 } from 'node:buffer';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fromBinary, ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { invalidArgument } from './rpc-error.ts';

/** The request in `bytes`. @throws RpcError INVALID_ARGUMENT, reason MALFORMED_MESSAGE or INVALID_UTF8. */
export function decodeRequest<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(schema, bytes);
  } catch {
    const field = fieldWithInvalidUtf8(schema, bytes);
    if (field !== undefined)
      throw invalidArgument([{ field, description: 'must be valid UTF-8' }], 'INVALID_UTF8');
    throw invalidArgument(
      [{ field: '', description: `bytes are not a ${schema.typeName}` }],
      'MALFORMED_MESSAGE',
    );
  }
}

/** Path of the first string field that isn't UTF-8; undefined when the bytes are bad in another way. */
function fieldWithInvalidUtf8(schema: DescMessage, bytes: Uint8Array): string | undefined {
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      const field = schema.fields.find((candidate) => candidate.number === number);
      if (field === undefined || wireType !== WireType.LengthDelimited) {
        reader.skip(wireType, number);
        continue;
      }
      const value = reader.bytes();
      const isString =
        (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING) ||
        (field.fieldKind === 'list' && field.listKind === 'scalar' && field.scalar === ScalarType.STRING);
      if (isString && !isUtf8(value)) return field.name;
      if (field.message !== undefined && field.fieldKind !== 'map') {
        const inner = fieldWithInvalidUtf8(field.message, value);
        if (inner !== undefined) return `${field.name}.${inner}`;
      }
    }
  } catch {
    // Truncated or garbled beyond the field level: no field to name.
  }
  return undefined;
}
