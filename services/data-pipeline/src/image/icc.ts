/**
 * Colours of a matrix/TRC display profile (ICC.1:2022, 8.3) as sRGB: three curves to light, a matrix, and the curve of sRGB.
 * Cameras and editors embed no others in JPEGs; building a general transform for each picture costs more than decoding it.
 */
import { hash } from 'node:crypto';

/** Changes interleaved RGB in place. */
export type ToSrgb = (rgb: Uint8Array) => void;

/** Linear light as PCS XYZ (D50) → linear sRGB: the inverse of sRGB's colorants after Bradford's adaptation. */
const XYZ_TO_SRGB = [
  3.1341359, -1.6173863, -0.4906619, -0.9787955, 1.9162543, 0.033443, 0.0719553, -0.228977, 1.4053861,
];
/** Steps of the curve back from light; finer than 8 bits of sRGB anywhere. */
const LIGHT_STEPS = 8_192;
const FROM_LIGHT = Uint8Array.from({ length: LIGHT_STEPS + 1 }, (_, i) => {
  const light = i / LIGHT_STEPS;
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
});
/** Change of a matrix entry, or of light, below which a profile is sRGB under another name. */
const SAME = 0.01;

type Conversion = ToSrgb | 'same' | null;

const conversions = new Map<string, Conversion>();
/** Conversions that are kept: most pictures carry one of a dozen profiles, and evaluating one takes a tenth of a decoding. */
const CACHED = 64;

/** How a profile's colours become sRGB; "same" when they are, null when that takes more than curves and a matrix. */
export function toSrgb(profile: Buffer): Conversion {
  const key = hash('sha1', profile);
  const known = conversions.get(key);
  if (known !== undefined) return known;
  const conversion = conversionOf(profile);
  if (conversions.size >= CACHED) conversions.clear();
  conversions.set(key, conversion);
  return conversion;
}

function conversionOf(profile: Buffer): Conversion {
  const tags = tagsOf(profile);
  if (!tags || tags.has('A2B0')) return null;
  const colorants = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => xyzOf(tags.get(name)));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => curveOf(tags.get(name)));
  if (!colorants.every((xyz) => xyz !== null) || !curves.every((curve) => curve !== null)) return null;
  const matrix = Float32Array.from({ length: 9 }, (_, cell) => {
    const [row, column] = [Math.floor(cell / 3), cell % 3];
    const xyz = colorants[column] as number[];
    return [0, 1, 2].reduce((sum, i) => sum + (XYZ_TO_SRGB[3 * row + i] as number) * (xyz[i] as number), 0);
  });
  const isIdentity = matrix.every((value, cell) => Math.abs(value - (cell % 4 === 0 ? 1 : 0)) < SAME);
  const isCurve = curves.every((curve) =>
    curve.every((light, i) => Math.abs(light - srgbLight(i / 255)) < SAME),
  );
  if (isIdentity && isCurve) return 'same';
  const shares = sharesOf(curves as Float32Array[], matrix);
  return (rgb) => convert(rgb, shares);
}

/** Light of each value of each channel as its share of each of the three: [to][from][256], in steps of the curve back. */
function sharesOf(curves: readonly Float32Array[], matrix: Float32Array): Int32Array[] {
  return Array.from({ length: 9 }, (_, cell) => {
    const scale = (matrix[cell] as number) * LIGHT_STEPS * 2 ** SHARE_BITS;
    return Int32Array.from(curves[cell % 3] as Float32Array, (light) => Math.round(scale * light));
  });
}

/** Bits of a share below a step of the curve back. */
const SHARE_BITS = 4;

function convert(rgb: Uint8Array, shares: readonly Int32Array[]): void {
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = shares as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let i = 0; i < rgb.length; i += 3) {
    const r = rgb[i] as number;
    const g = rgb[i + 1] as number;
    const b = rgb[i + 2] as number;
    rgb[i] = fromLight((rr[r] as number) + (rg[g] as number) + (rb[b] as number));
    rgb[i + 1] = fromLight((gr[r] as number) + (gg[g] as number) + (gb[b] as number));
    rgb[i + 2] = fromLight((br[r] as number) + (bg[g] as number) + (bb[b] as number));
  }
}

const fromLight = (sum: number): number =>
  FROM_LIGHT[Math.min(LIGHT_STEPS, Math.max(0, (sum + (1 << (SHARE_BITS - 1))) >> SHARE_BITS))] as number;

const srgbLight = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

const HEADER_BYTES = 128;

/** Tag name → its data; null for anything but RGB with XYZ in between. */
function tagsOf(profile: Buffer): Map<string, Buffer> | null {
  if (profile.length < HEADER_BYTES + 4 || profile.toString('latin1', 16, 24) !== 'RGB XYZ ') return null;
  const tags = new Map<string, Buffer>();
  const count = profile.readUInt32BE(HEADER_BYTES);
  for (let tag = 0; tag < count; tag++) {
    const at = HEADER_BYTES + 4 + 12 * tag;
    if (at + 12 > profile.length) return null;
    const [start, length] = [profile.readUInt32BE(at + 4), profile.readUInt32BE(at + 8)];
    if (start + length > profile.length) return null;
    tags.set(profile.toString('latin1', at, at + 4), profile.subarray(start, start + length));
  }
  return tags;
}

const fixed = (data: Buffer, at: number): number => data.readInt32BE(at) / 65_536;

function xyzOf(data: Buffer | undefined): number[] | null {
  return data && data.length >= 20 ? [fixed(data, 8), fixed(data, 12), fixed(data, 16)] : null;
}

/** Light 0..1 of each of 256 values. */
function curveOf(data: Buffer | undefined): Float32Array | null {
  if (!data || data.length < 12) return null;
  const type = data.toString('latin1', 0, 4);
  const curve = type === 'curv' ? sampledCurve(data) : type === 'para' ? parametricCurve(data) : null;
  return curve && Float32Array.from({ length: 256 }, (_, i) => Math.min(1, Math.max(0, curve(i / 255))));
}

function sampledCurve(data: Buffer): ((value: number) => number) | null {
  const count = data.readUInt32BE(8);
  if (data.length < 12 + 2 * count) return null;
  if (count === 0) return (value) => value;
  if (count === 1) return (value) => value ** (data.readUInt16BE(12) / 256);
  return (value) => {
    const place = value * (count - 1);
    const below = Math.min(count - 2, Math.floor(place));
    const [low, high] = [data.readUInt16BE(12 + 2 * below), data.readUInt16BE(14 + 2 * below)];
    return (low + (high - low) * (place - below)) / 65_535;
  };
}

/** Numbers of each function type, 0..4 (ICC.1:2022, table 68). */
const PARAMETERS = [1, 3, 4, 5, 7];

function parametricCurve(data: Buffer): ((value: number) => number) | null {
  const type = data.readUInt16BE(8);
  const count = PARAMETERS[type];
  if (count === undefined || data.length < 12 + 4 * count) return null;
  const [g, a = 1, b = 0, ...rest] = Array.from({ length: count }, (_, i) => fixed(data, 12 + 4 * i));
  // Below d a line of slope c, above it a power; e and f are added. Types 1 and 2 have d = −b/a and a flat line.
  const [c, d, e, f] =
    type === 0
      ? [0, 0, 0, 0]
      : type < 3
        ? [0, -b / a, rest[0] ?? 0, rest[0] ?? 0]
        : [rest[0], rest[1], rest[2] ?? 0, rest[3] ?? 0];
  return (value) =>
    value >= (d as number)
      ? (a * value + b) ** (g as number) + (e as number)
      : (c as number) * value + (f as number);
}
