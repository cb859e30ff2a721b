/** Cuts words run together ("nakedwoman") into everyday ones. */

const LONGEST_WORD = 18;
/** One-letter pieces make any text cuttable, so only these two count. */
const SHORT_WORDS = new Set(['a', 'i']);
/** Prices of pieces by their letters: "from a" is likelier than "fro ma". */
const [LETTER, PAIR, WORD] = [1.2, 1.5, 1];
/** A text so long is no name: it may hold stretches that are no words, such as names, for this and this much a letter. */
const LONG = 24;
const [STRETCH, UNKNOWN_LETTER] = [2, 0.6];

/**
 * The cut of `text` into the fewest known words, or undefined when there is none of two or more.
 * Two-letter pieces cost more than one word, so that "therapist" is no cut and names mostly have none. Only in a long text
 * may some pieces be unknown.
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
      const known = piece.length === 1 ? SHORT_WORDS.has(piece) : isKnown(piece);
      if (!known && text.length < LONG) continue;
      const price = before + (known ? priceOf(piece) : STRETCH + UNKNOWN_LETTER * piece.length);
      if (price >= best) continue;
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

const priceOf = ({ length }: string): number => (length > 2 ? WORD : length === 2 ? PAIR : LETTER);
