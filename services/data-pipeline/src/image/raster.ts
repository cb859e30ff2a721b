/** Pictures in memory, and turning them as a camera was held. */

/** Interleaved RGB, 8 bits a channel, `width`·`height`·3 bytes from the top left. */
export interface Raster {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** Whether EXIF's orientation swaps the sides. */
export const isTurned = (orientation: number): boolean => orientation >= 5;

/** For each EXIF orientation from 2: whether x and y swap, and which of the stored picture's axes run backwards. */
const TURNS: Record<number, { swap: boolean; backX: boolean; backY: boolean }> = {
  2: { swap: false, backX: true, backY: false },
  3: { swap: false, backX: true, backY: true },
  4: { swap: false, backX: false, backY: true },
  5: { swap: true, backX: false, backY: false },
  6: { swap: true, backX: false, backY: true },
  7: { swap: true, backX: true, backY: true },
  8: { swap: true, backX: true, backY: false },
};

/** The picture as it is shown, of one stored with this EXIF orientation. */
export function shownUpright(stored: Raster, orientation: number): Raster {
  const turn = TURNS[orientation];
  if (!turn) return stored;
  const [width, height] = turn.swap ? [stored.height, stored.width] : [stored.width, stored.height];
  const rgb = new Uint8Array(stored.rgb.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const [along, down] = turn.swap ? [y, x] : [x, y];
      const fromX = turn.backX ? stored.width - 1 - along : along;
      const fromY = turn.backY ? stored.height - 1 - down : down;
      const from = 3 * (fromY * stored.width + fromX);
      rgb[to] = stored.rgb[from] as number;
      rgb[to + 1] = stored.rgb[from + 1] as number;
      rgb[to + 2] = stored.rgb[from + 2] as number;
    }
  }
  return { width, height, rgb };
}
