import { create, DataType, fromBinary, TensorSchema, toBinary } from '@atelier/contracts';
import { expect, test } from 'vitest';
import { fromWire, isViolation, toWire } from './proto-tensor.ts';
import { tensor } from './tensor.ts';

test('a tensor survives the wire, whatever its offset there', () => {
  const sent = tensor('float32', [2, 2], Float32Array.of(1, -2.5, Number.NaN, 4));
  const wire = fromBinary(
    TensorSchema,
    Buffer.from(toBinary(TensorSchema, create(TensorSchema, toWire(sent)))),
  );
  expect(fromWire(wire, 'tokens', 'float32', ['S', 2])).toEqual(sent);
  const masks = tensor('int64', [2], BigInt64Array.of(1n, -(2n ** 60n)));
  expect(fromWire(create(TensorSchema, toWire(masks)), 'mask', 'int64', ['S'])).toEqual(masks);
});

test.each([
  ['absent', undefined, 'required: float32 of shape [S, 8]'],
  [
    'of another type',
    { dtype: DataType.INT32, shape: [1, 8], data: new Uint8Array(32) },
    'not int32 of shape [1, 8]',
  ],
  [
    'of another rank',
    { dtype: DataType.FLOAT32, shape: [8], data: new Uint8Array(32) },
    'not float32 of shape [8]',
  ],
  [
    'of another size',
    { dtype: DataType.FLOAT32, shape: [1, 4], data: new Uint8Array(16) },
    'not float32 of shape [1, 4]',
  ],
  [
    'empty',
    { dtype: DataType.FLOAT32, shape: [0, 8], data: new Uint8Array(0) },
    'not float32 of shape [0, 8]',
  ],
  [
    'too short',
    { dtype: DataType.FLOAT32, shape: [1, 8], data: new Uint8Array(31) },
    '32 bytes for its shape, not 31',
  ],
])('a tensor that is %s is refused by field', (_what, wire, message) => {
  const read = fromWire(wire && create(TensorSchema, wire), 'conditioning.tokens', 'float32', ['S', 8]);
  expect(isViolation(read)).toBe(true);
  expect(read).toMatchObject({ field: 'conditioning.tokens', description: expect.stringContaining(message) });
});
