/** Cuts words run together ("nakedwoman") into everyday ones. */

const LONGEST_WORD = 18;
/** One-letter pieces make any text cuttable, so only these two count. */
const SHORT_WORDS = new Set(['a', 'i']);

/**
 * The cut of `text` into the fewest known words, or undefined when there is none of two or more.
 * Two-letter pieces cost more than one word, so that "therapist" is no cut and names mostly have none.
 */
export function segment(text: string, isKnown: (word: string) => boolean): string[] | undefined {
  const cost: number[] = [0];
  const previous: number[] = [0];
  for (let end = 1; end <= text.length; end++) {
    let best = Number.POSITIVE_INFINITY;
    let from = -1;
    for (let start = Math.max(0, end - LONGEST_WORD); start < end; start++) {
      const before = cost[start] ?? Number.POSITIVE_INFINITY;
      const piece = text.slice(start, end);
      const price = before + (piece.length > 2 ? 1 : 1.5);
      if (price >= best) continue;
      if (piece.length === 1 ? !SHORT_WORDS.has(piece) : !isKnown(piece)) continue;
      best = price;
      from = start;
    }
    cost.push(best);
    previous.push(from);
  }
  if (!Number.isFinite(cost[text.length] ?? Number.POSITIVE_INFINITY)) return undefined;
  const pieces: string[] = [];
  for (let end = text.length; end > 0; end = previous[end] ?? 0)
    pieces.unshift(text.slice(previous[end], end));
  return pieces.length > 1 ? pieces : undefined;
}
