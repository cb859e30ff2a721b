import type { Canvas } from './canvas.ts';

/** Planar pixels, three channels. */
export interface Planes {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** Share of a tile that its neighbour repeats. */
const OVERLAP = 0.25;
const CHANNELS = 3;

/**
 * Decodes a latent tile by tile, so that memory is that of a tile, and fades each into its neighbours where they overlap:
 * what diffusers' `AutoencoderKL.tiled_decode` does. Close to decoding at once, not equal: a tile can't see beyond its edge.
 * @param tile side of a tile, latent elements.
 * @param decode gives a tile's pixels, `canvas.scale` times its sides.
 */
export async function decodeTiled(
  latent: Float32Array,
  canvas: Canvas,
  tile: number,
  decode: (part: Float32Array, canvas: Canvas) => Promise<Planes>,
): Promise<Planes> {
  const { height, width, scale } = canvas;
  const stride = Math.max(1, Math.floor(tile * (1 - OVERLAP)));
  const blend = Math.floor(tile * scale * OVERLAP);
  const whole = {
    height: height * scale,
    width: width * scale,
    data: new Float32Array(CHANNELS * height * width * scale * scale),
  };
  const step = tile * scale - blend;
  let above: Planes[] = [];
  for (let y = 0, row = 0; y < height; y += stride, row++) {
    const tiles: Planes[] = [];
    for (let x = 0, column = 0; x < width; x += stride, column++) {
      const part = cut(latent, canvas, y, x, tile);
      const decoded = await decode(part.data, part.canvas);
      const upper = above[column];
      const left = tiles[column - 1];
      if (upper) fade(upper, decoded, blend, 'down');
      if (left) fade(left, decoded, blend, 'right');
      tiles.push(decoded);
      paste(decoded, whole, row * step, column * step, step);
    }
    above = tiles;
  }
  return whole;
}

function cut(latent: Float32Array, canvas: Canvas, top: number, left: number, tile: number) {
  const height = Math.min(tile, canvas.height - top);
  const width = Math.min(tile, canvas.width - left);
  const data = new Float32Array(canvas.channels * height * width);
  for (let line = 0; line < canvas.channels * height; line++) {
    const channel = Math.floor(line / height);
    const from = (channel * canvas.height + top + (line % height)) * canvas.width + left;
    data.set(latent.subarray(from, from + width), line * width);
  }
  return { data, canvas: { ...canvas, height, width } };
}

/** Blends the last `extent` lines of `before` into the first of `after`, in place, linearly. */
function fade(before: Planes, after: Planes, extent: number, direction: 'down' | 'right'): void {
  const down = direction === 'down';
  const lines = Math.min(extent, ...[before, after].map(({ height, width }) => (down ? height : width)));
  const across = Math.min(...[before, after].map(({ height, width }) => (down ? width : height)));
  const at = ({ height, width }: Planes, channel: number, line: number, place: number): number =>
    (channel * height + (down ? line : place)) * width + (down ? place : line);
  const start = (down ? before.height : before.width) - lines;
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let line = 0; line < lines; line++) {
      const share = line / lines;
      for (let place = 0; place < across; place++) {
        const into = at(after, channel, line, place);
        const old = before.data[at(before, channel, start + line, place)] as number;
        after.data[into] = old * (1 - share) + (after.data[into] as number) * share;
      }
    }
  }
}

/** Writes the first `limit` lines and columns of a tile, as far as the picture goes. */
function paste(from: Planes, into: Planes, top: number, left: number, limit: number): void {
  const lines = Math.min(limit, from.height, into.height - top);
  const columns = Math.min(limit, from.width, into.width - left);
  if (lines <= 0 || columns <= 0) return;
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let y = 0; y < lines; y++) {
      const source = (channel * from.height + y) * from.width;
      into.data.set(
        from.data.subarray(source, source + columns),
        (channel * into.height + top + y) * into.width + left,
      );
    }
  }
}
