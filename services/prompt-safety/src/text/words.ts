/** Cuts folded text into words: what stands between white space, and the plain runs of letters inside it. */
import { type MappedText, originalSpan, type Span } from './mapped.ts';

/** A run of letters and digits, with the marks people hide inside it. */
export interface Word {
  /** Letters and digits only: "don't" is "dont". */
  readonly text: string;
  /** As typed (folded): may hold digits and symbols that stand for letters. */
  readonly raw: string;
  /** Units of the folded text. */
  readonly from: number;
  readonly to: number;
  readonly span: Span;
  /** Glued to the word before it by punctuation, without white space. */
  readonly glued: boolean;
  /** Some of it only reads so once invisible characters, look-alikes, accents or a missing space are undone. */
  readonly hidden: boolean;
}

const CHUNK = /\S+/gu;
/** Symbols that stand for letters count as part of a word when letters are beside them. */
const PIECE = /[\p{L}\p{N}@$!|+*'’"`#%&^]+|\p{Extended_Pictographic}/gu;

/** Words in reading order. */
export function words(mapped: MappedText): Word[] {
  const found: Word[] = [];
  for (const chunk of mapped.text.matchAll(CHUNK)) {
    let glued = false;
    for (const piece of chunk[0].matchAll(PIECE)) {
      const trimmed = trim(piece[0]);
      if (trimmed.raw === '') continue;
      const from = chunk.index + piece.index + trimmed.skipped;
      const to = from + trimmed.raw.length;
      found.push({
        text: trimmed.raw.replace(/['’"`]/gu, ''),
        raw: trimmed.raw,
        from,
        to,
        span: originalSpan(mapped, from, to),
        glued,
        hidden: mapped.hidden.slice(from, to).includes(true),
      });
      glued = true;
    }
  }
  return found;
}

/** Punctuation at the ends of a piece is punctuation, except `$ @` in front: "$ex", "@ss"; and `!` alone at the end. */
function trim(piece: string): { raw: string; skipped: number } {
  const start = /^['’"`!|+*#%&^]+(?=[\p{L}\p{N}@$])/u.exec(piece)?.[0].length ?? 0;
  const raw = piece.slice(start).replace(/['’"`!|+#%&^]+$/u, '');
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(raw)
    ? { raw, skipped: start }
    : { raw: '', skipped: 0 };
}
