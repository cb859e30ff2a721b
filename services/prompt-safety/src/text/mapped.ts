/**
 * Text that remembers where it came from, so that a verdict can point at the words as the user wrote them.
 *
 * `starts[i]` and `ends[i]` bound, in Unicode code points of the original, what UTF-16 unit `i` of `text` stands for.
 * All have `text.length` entries; these two never decrease.
 */
export interface MappedText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Whether unit `i` was written otherwise than as itself in either case, or stands behind something invisible. */
  readonly hidden: readonly boolean[];
}

/** Half-open range in Unicode code points of the original text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where units `from`..`to` (exclusive, non-empty) of a mapped text stood in the original. */
export function originalSpan(mapped: MappedText, from: number, to: number): Span {
  return { start: mapped.starts[from] ?? 0, end: mapped.ends[to - 1] ?? 0 };
}

/** One text after the other, as if the second had been typed on; the second's offsets continue the first's. */
export function concatenate(first: MappedText, second: MappedText, secondOffset: number): MappedText {
  return {
    text: first.text + second.text,
    starts: [...first.starts, ...second.starts.map((at) => at + secondOffset)],
    ends: [...first.ends, ...second.ends.map((at) => at + secondOffset)],
    hidden: [...first.hidden, ...second.hidden],
  };
}
