import type { Canvas } from './canvas.ts';
import { toRgb8 } from './pixels.ts';

/** A picture as interleaved RGB8, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array<ArrayBuffer>;
}

/** Turns finished (or predicted) samples into pictures. */
export interface Decoder {
  /** @throws InferenceError of the decoding network, NON_FINITE_OUTPUT among others. */
  decode(sample: Float32Array, canvas: Canvas): Promise<Picture>;
  close(): Promise<void>;
}

/** In pixel space the sample is the picture. */
export const pixelDecoder: Decoder = {
  decode: async (sample, { width, height }) => ({ width, height, rgb: toRgb8(sample) }),
  close: async () => {},
};
