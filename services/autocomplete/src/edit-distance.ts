/** Typing slips: one edit apart. */

/**
 * Whether two words are at most one edit apart, an edit being a missing, an additional or another letter, or two
 * neighbours swapped (optimal string alignment; Damerau 1964: 80 % of slips are one of these).
 */
export function withinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.slice(1) === restB.slice(1)) return true; // another letter, or the same word
  if (restA.slice(1) === restB || restA === restB.slice(1)) return true; // one letter more or less
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}

/** Whether `typed` is at most one edit apart from some beginning of `word`. */
export function beginsWithinOneEdit(typed: string, word: string): boolean {
  for (const length of [typed.length - 1, typed.length, typed.length + 1])
    if (length >= 0 && length <= word.length && withinOneEdit(typed, word.slice(0, length))) return true;
  return false;
}
