/** What near-duplicate search needs to know of a picture: 4 KiB of luma to hash, 7 KiB of colour to compare. */
import { LUMA_BITS, lumaOf } from './luma.ts';
import { HASH_SIDE, hashesOf, type Look, ORIENTATIONS, WHOLE, type Window } from './perceptual-hash.ts';
import type { Raster } from './raster.ts';
import { averaged } from './resample.ts';

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

export function signatureOf(working: Raster): Signature {
  const fine = lumaOf(averaged(working, HASH_SIDE));
  const luma = new Uint8Array(fine.length);
  for (let i = 0; i < luma.length; i++) luma[i] = ((fine[i] as number) + HALF) >> LUMA_BITS;
  return { luma, thumb: averaged(working, THUMB_SIDE).rgb };
}

const HALF = 1 << (LUMA_BITS - 1);

export const packSignature = ({ luma, thumb }: Signature): Uint8Array => Buffer.concat([luma, thumb]);

export const unpackSignature = (bytes: Uint8Array): Signature => ({
  luma: bytes.subarray(0, LUMA_BYTES),
  thumb: bytes.subarray(LUMA_BYTES, SIGNATURE_BYTES),
});

/** A hash to search with, and what of the picture it stands for. */
export interface Probe extends Look {
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

const AS_IT_IS: Look = { window: WHOLE, orientation: 0 };

/** The whole in its eight orientations, then its windows upright. */
const LOOKS: readonly Look[] = [
  ...ORIENTATIONS.map((orientation) => ({ window: WHOLE, orientation })),
  ...WINDOWS.map((window) => ({ window, orientation: 0 })),
];

export const hashOfSignature = ({ luma }: Signature): Uint32Array =>
  hashesOf(luma, [AS_IT_IS])[0] as Uint32Array;

export function probesOf({ luma }: Signature): Probe[] {
  const hashes = hashesOf(luma, LOOKS);
  return LOOKS.map((look, i) => ({ ...look, hash: hashes[i] as Uint32Array }));
}
