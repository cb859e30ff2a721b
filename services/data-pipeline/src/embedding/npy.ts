/// <reference lib="esnext.float16" />
/** NumPy's file format, version 1.0: what Python reads with `numpy.load`, and webdataset decodes by itself. */

/** A float16 array, rows first. Throws RangeError when values and shape disagree. */
export function npyFloat16(shape: readonly number[], values: Float32Array | Float16Array): Buffer {
  if (shape.reduce((a, b) => a * b, 1) !== values.length)
    throw new RangeError(`${values.length} values are not an array of ${shape.join(' × ')}`);
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const facts = `{'descr': '<f2', 'fortran_order': False, 'shape': (${dims}), }`;
  // The header, its ten bytes of preamble and the closing line feed fill a multiple of 64 bytes.
  const padded = `${facts.padEnd(Math.ceil((facts.length + 11) / 64) * 64 - 11)}\n`;
  const preamble = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    padded.length & 255,
    padded.length >> 8,
  ]);
  return Buffer.concat([preamble, Buffer.from(padded, 'latin1'), littleEndian(Float16Array.from(values))]);
}

/** Raw bytes of float16 values; every platform that runs this is little-endian. */
export const littleEndian = (values: Float16Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);
