import { describe, expect, it } from 'vitest';
import { readSafetensors } from './safetensors.ts';

/** A file of a header and raw bytes. */
function file(header: object, values: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(BigUint64Array.of(BigInt(json.length)).buffer);
  return Uint8Array.of(...length, ...json, ...values);
}

const floats = new Uint8Array(Float32Array.of(1, -2.5).buffer);
const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc100).buffer);

describe('readSafetensors', () => {
  it('reads tensors of both floats, wherever they lie', () => {
    const weights = readSafetensors(
      file(
        {
          __metadata__: { format: 'pt' },
          whole: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
          half: { dtype: 'F16', shape: [2], data_offsets: [8, 12] },
        },
        Uint8Array.of(...floats, ...halves),
      ),
      'x',
    );
    expect(weights('whole')).toEqual({ shape: [2, 1], values: Float32Array.of(1, -2.5) });
    expect(weights('half')).toEqual({ shape: [2], values: Float32Array.of(1, -2.5) });
  });

  it.each([
    ['nothing', () => new Uint8Array(0), /is no safetensors file/],
    ['a header that is cut off', () => file({ a: 1 }).subarray(0, 10), /is no safetensors file/],
    [
      'a tensor that is cut off',
      () => file({ t: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, floats.subarray(0, 4)),
      /cut off at tensor "t"/,
    ],
    [
      'a tensor of another size',
      () => file({ t: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, floats),
      /cut off at tensor "t"/,
    ],
    ['no such tensor', () => file({}), /has no tensor "t"/],
    [
      'a type that is no float',
      () => file({ t: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, floats),
      /holds integers/,
    ],
    ['the metadata as a tensor', () => file({ t: { format: 'pt' } }), /has no tensor "t"/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes(), 'the file')('t')).toThrow(message);
  });
});
