import { expect, test } from 'vitest';
import { asType, floatOutput } from './convert.ts';
import { tensor } from './tensor.ts';

const given = tensor('float32', [2, 2], Float32Array.of(1, -2.5, 65504, 1e-7));

test('there and back through half precision, to its rounding', () => {
  const half = asType(given, 'float16');
  expect([...half.data]).toEqual([0x3c00, 0xc100, 0x7bff, 0x0002]);
  expect([...floatOutput({ out: half }, 'out').data]).toEqual([1, -2.5, 65504, 2 ** -23]);
});

test('integers of either width, from either', () => {
  const ids = tensor('int64', [2], BigInt64Array.of(7n, 49406n));
  expect(asType(ids, 'int32').data).toEqual(Int32Array.of(7, 49406));
  expect(asType(tensor('float32', [1], Float32Array.of(981)), 'int64').data).toEqual(BigInt64Array.of(981n));
});

test('the same type is the same tensor; what cannot be converted is refused', () => {
  expect(asType(given, 'float32')).toBe(given);
  expect(() => asType(given, 'bool')).toThrow(/float32 tensor cannot be given as bool/);
  expect(() => floatOutput({ out: given }, 'sample')).toThrow(/"sample"/);
  expect(() => floatOutput({ out: tensor('int32', [1], Int32Array.of(1)) }, 'out')).toThrow(/"out"/);
});
