/** What near-duplicate search needs to know of a picture: 4 KiB of luma to hash, 7 KiB of colour to compare. */
import type { Decoded } from './decode.ts';
import { averageToSquare } from './luma.ts';
import { HASH_SIDE, hashOf, ORIENTATIONS, oriented, spectra, WHOLE, type Window } from './perceptual-hash.ts';

/** Side of the colour square that two candidates are compared on. */
export const THUMB_SIDE = 48;
export const THUMB_BYTES = THUMB_SIDE * THUMB_SIDE * 3;
export const LUMA_BYTES = HASH_SIDE * HASH_SIDE;
/** Bytes of a packed signature. */
export const SIGNATURE_BYTES = LUMA_BYTES + THUMB_BYTES;

export interface Signature {
  /** [64×64] luma, 0..255, the whole picture squeezed to a square. */
  luma: Uint8Array;
  /** [48×48×3] sRGB, likewise. */
  thumb: Uint8Array;
}

export function signatureOf({
  luma,
  working: { width, height, rgb },
}: Pick<Decoded, 'luma' | 'working'>): Signature {
  return {
    luma: round(averageToSquare(luma, width, height, 1, HASH_SIDE)),
    thumb: round(averageToSquare(rgb, width, height, 3, THUMB_SIDE)),
  };
}

function round(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = Math.round(values[i] as number);
  return bytes;
}

export const packSignature = ({ luma, thumb }: Signature): Uint8Array => Buffer.concat([luma, thumb]);

export const unpackSignature = (bytes: Uint8Array): Signature => ({
  luma: bytes.subarray(0, LUMA_BYTES),
  thumb: bytes.subarray(LUMA_BYTES, SIGNATURE_BYTES),
});

/** A hash to search with, and which part of the picture, turned how, it stands for. */
export interface Probe {
  window: Window;
  orientation: number;
  hash: Uint32Array;
}

/** Shares of the sides that a crop may leave, and places along each side; in between, comparing pixels makes up. */
const CROPS = [
  { kept: 0.95, places: 3 },
  { kept: 0.9, places: 3 },
  { kept: 0.85, places: 4 },
] as const;

/** The windows that a picture is searched by, besides itself. */
const WINDOWS: readonly Window[] = CROPS.flatMap(({ kept, places }) => {
  const starts = Array.from({ length: places }, (_, i) => (i * (1 - kept)) / (places - 1));
  return starts.flatMap((y) => starts.map((x) => ({ x, y, width: kept, height: kept })));
});

export const hashOfSignature = ({ luma }: Signature): Uint32Array =>
  hashOf(spectra(luma, [WHOLE])[0] as Float32Array);

/** The whole in its eight orientations, then its windows upright. */
export function probesOf({ luma }: Signature): Probe[] {
  const [whole, ...parts] = spectra(luma, [WHOLE, ...WINDOWS]);
  return [
    ...ORIENTATIONS.map((orientation) => ({
      window: WHOLE,
      orientation,
      hash: hashOf(oriented(whole as Float32Array, orientation)),
    })),
    ...WINDOWS.map((window, i) => ({ window, orientation: 0, hash: hashOf(parts[i] as Float32Array) })),
  ];
}
