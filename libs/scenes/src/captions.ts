/** Paraphrase: templates over phrases that know which attributes they tell. */
import { COLOUR_WORDS, type Colour } from './palette.ts';
import type { Random } from './random.ts';
import type { Caption } from './scene.ts';

/** A piece of wording together with the attribute keys it states. */
export interface Phrase {
  text: string;
  states: readonly string[];
}

export const phrase = (text: string, ...states: string[]): Phrase => ({ text, states });
export const NOTHING: Phrase = { text: '', states: [] };

/** One of several wordings of the same facts. */
export const oneOf = (random: Random, texts: readonly string[], ...states: string[]): Phrase =>
  phrase(random.pick(texts), ...states);

/** A word for a colour: mostly its name, else a synonym. */
export const colourWord = (random: Random, colour: Colour): string =>
  random.chance(0.78) ? colour : random.pick(COLOUR_WORDS[colour]);

/**
 * Join words and phrases into one caption: spaces tidied, articles made to agree (a → an before a vowel),
 * `states` collected without repeats.
 */
export function caption(...parts: readonly (Phrase | string)[]): Caption {
  const words = parts.map((part) => (typeof part === 'string' ? part : part.text)).filter(Boolean);
  const text = words
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;])/g, '$1')
    .replace(/\b([Aa])n? (?=[aeiouAEIOU])/g, '$1n ')
    .replace(/\b([Aa])n (?=[^aeiouAEIOU])/g, '$1 ')
    .trim();
  const states = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [...part.states])));
  return { text, states: [...states].sort() };
}
