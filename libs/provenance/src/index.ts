/** Where a picture comes from, written into it. */
export { writeWatermarkAside } from './aside.ts';
export { CODE_BITS, codeBits, messageOf } from './code.ts';
export type { Rgb } from './plane.ts';
export { readSoftBits, readWatermark, type Watermark, writeWatermark } from './watermark.ts';
