import type { Canvas } from './canvas.ts';
import type { Picture } from './decoder.ts';
import { toPlanes } from './pixels.ts';
import type { EncodedPicture } from './source.ts';

/** Turns a picture of the canvas's size into what samples are. */
export interface Encoder {
  /** @throws InferenceError of the encoding network, NON_FINITE_OUTPUT among others. */
  encode(picture: Picture, canvas: Canvas): Promise<EncodedPicture>;
  close(): Promise<void>;
}

/** In pixel space the picture is the sample. */
export const pixelEncoder: Encoder = {
  encode: async ({ rgb }) => ({ mean: toPlanes(rgb) }),
  close: async () => {},
};
