import type { TextTokenizer } from './tokenizer.ts';

/**
 * Splits a text at word borders into pieces whose ids, specials included, fit the encoder's window, and gives each
 * piece's ids; a single word that doesn't fit is split between its characters. Nothing is dropped, and an empty text
 * gives one window of specials alone.
 * @param window most ids in a window, specials included; must leave room for one token.
 */
export function tokenWindows(tokenizer: TextTokenizer, text: string, window: number): number[][] {
  const whole = tokenizer.encode(text);
  if (whole.length <= window) return [whole];
  const words = text.split(/\s+/u).filter((word) => word !== '');
  const windows: number[][] = [];
  while (words.length > 0) {
    const fitting = mostThatFit(words.length, (count) =>
      fits(tokenizer, words.slice(0, count).join(' '), window),
    );
    if (fitting > 0) {
      windows.push(tokenizer.encode(words.splice(0, fitting).join(' ')));
      continue;
    }
    const characters = [...(words[0] as string)];
    const head = mostThatFit(characters.length, (n) =>
      fits(tokenizer, characters.slice(0, n).join(''), window),
    );
    if (head === 0) throw new RangeError(`A window of ${window} tokens is too small for this tokenizer`);
    windows.push(tokenizer.encode(characters.slice(0, head).join('')));
    words[0] = characters.slice(head).join('');
  }
  return windows;
}

const fits = (tokenizer: TextTokenizer, text: string, window: number): boolean =>
  tokenizer.encode(text).length <= window;

/** The largest n in 0..limit for which `holds(n)`, given that it holds up to some n and not beyond. */
function mostThatFit(limit: number, holds: (n: number) => boolean): number {
  let low = 0;
  let high = limit;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
