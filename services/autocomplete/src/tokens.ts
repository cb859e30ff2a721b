/** Text as the next-word model sees it: words and punctuation marks. */

const TOKEN = /[\p{L}\p{N}][\p{L}\p{N}'-]*|[^\s\p{L}\p{N}]/gu;

/** Begins and ends every prompt; no token of a text looks like it. */
export const BOUNDARY = '\n';

/** Tokens of a folded text. */
export const tokenise = (key: string): string[] => key.match(TOKEN) ?? [];

/** Whether a token is a word (and not a punctuation mark). */
export const isWord = (token: string): boolean => /^[\p{L}\p{N}]/u.test(token);

/** The text of further tokens after a text: spaces before words and opening marks, none before others. */
export function append(text: string, tokens: readonly string[]): string {
  let result = text;
  for (const token of tokens) {
    const glued = result === '' || /\s$/.test(result) || !(isWord(token) || /^[("“]$/.test(token));
    result += glued ? token : ` ${token}`;
  }
  return result;
}
