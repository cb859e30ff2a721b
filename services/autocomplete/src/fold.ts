/** How prompts are compared: without case, width, and runs of spaces. */

/** Texts that only their case can change, most by far: visible ASCII, single spaces, none in front. */
const PLAIN = /^(?! )(?!.* {2})[\x20-\x7e]*$/;

/**
 * The key of a text: NFKC, lower case, typographic apostrophes straightened, runs of white space as one space, none in
 * front. One space at the end is kept: "a dog " asks for the next word, "a dog" may still become "a doghouse".
 */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text.normalize('NFKC').toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, ' ').replace(/^ /, '');
}

/** Words of a text: runs without white space. */
export const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;
