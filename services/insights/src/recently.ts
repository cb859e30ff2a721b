/** Sparing a costly answer. */

/** `make`, at most once in `forMs`: until then everybody gets the last answer. A failure is not kept. */
export function recently<T>(
  forMs: number,
  make: () => Promise<T>,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  return async () => {
    if (last && now() - last.at < forMs) return await last.answer;
    const made = { at: now(), answer: make() };
    last = made;
    try {
      return await made.answer;
    } catch (error) {
      if (last === made) last = undefined;
      throw error;
    }
  };
}
