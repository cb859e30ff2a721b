/** Of pictures that are the same, which one stays. */

/** What decides: its own caption fits, then more pixels, then no loss by compression, then sharper, then earlier. */
export interface Copy {
  item: number;
  /** Whether nothing spoke against its captions as given. */
  faithful: boolean;
  pixels: number;
  lossless: boolean;
  sharpness: number;
}

export function better(a: Copy, b: Copy): number {
  return (
    Number(b.faithful) - Number(a.faithful) ||
    b.pixels - a.pixels ||
    Number(b.lossless) - Number(a.lossless) ||
    Math.round(50 * b.sharpness) - Math.round(50 * a.sharpness) ||
    a.item - b.item
  );
}

/**
 * Best copies first, an item stays unless it is a pair with one that stays. Unlike groups of everything that hangs
 * together, a chain of ever less similar pictures keeps its far end. Gives removed item → the one that stays.
 */
export function keepBest(
  copies: ReadonlyMap<number, Copy>,
  pairs: ReadonlyMap<number, readonly number[]>,
): Map<number, number> {
  const gone = new Map<number, number>();
  const stays = new Set<number>();
  for (const { item } of [...copies.values()].sort(better)) {
    const rivals = (pairs.get(item) ?? []).filter((other) => stays.has(other));
    if (rivals.length === 0) stays.add(item);
    else gone.set(item, Math.min(...rivals));
  }
  return gone;
}
