/** What a prompt may be, in one place: every service that takes one refuses the same prompts in the same words. */

/** Most words of a prompt; a longer one is refused, never cut. */
export const MAX_PROMPT_WORDS = 128;
/** Most Unicode code points of a prompt. */
export const MAX_PROMPT_CODE_POINTS = 4096;

/** A refused field, as google.rpc.BadRequest.FieldViolation has it. */
export interface FieldViolation {
  /** Name of the field in the proto, snake_case. */
  field: string;
  /** What is wrong, with the limit; never the content. */
  description: string;
}

/** Runs of characters between white space: "a boat, on an ocean" has 5. */
export const countWords = (text: string): number => text.match(/\S+/gu)?.length ?? 0;

/** Control characters but tab, line feed and carriage return, which count as spaces. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;

/**
 * What is wrong with a prompt; empty when nothing is. `minWords` is 1 for a required prompt (the default), 0 for one
 * that may be empty. Looks at no more than it has to: a prompt of 100 MB costs nothing.
 */
export function promptViolations(field: string, text: string, { minWords = 1 } = {}): FieldViolation[] {
  const refuse = (description: string): FieldViolation[] => [{ field, description }];
  if (text.length > 2 * MAX_PROMPT_CODE_POINTS || [...text].length > MAX_PROMPT_CODE_POINTS)
    return refuse(`must have at most ${MAX_PROMPT_CODE_POINTS.toLocaleString('en')} Unicode code points`);
  if (!text.isWellFormed()) return refuse('must be valid Unicode (it has an unpaired surrogate)');
  const control = CONTROL.exec(text);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return refuse(
      `must not have control characters (U+${code} at position ${[...text.slice(0, control.index)].length})`,
    );
  }
  const words = countWords(text);
  if (words < minWords)
    return refuse(`must have at least ${minWords} word${minWords === 1 ? '' : 's'}; it has ${words}`);
  if (words > MAX_PROMPT_WORDS) return refuse(`must have at most ${MAX_PROMPT_WORDS} words; it has ${words}`);
  return [];
}
