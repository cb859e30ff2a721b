/** Adding setting, light, weather and style to a prompt: seeded, and behind the user's own words. */
import type { Facet } from './facets.ts';
import { type Addition, type Draft, join } from './join.ts';
import { COLOUR_WORDS } from './lexicon.ts';
import { AUTOMATIC_STYLES, SLOTS, type Slot, STYLES } from './phrases.ts';
import { acceptable, facetsOfPhrase } from './proposals.ts';
import type { Representation } from './representation.ts';
import { pick, uniform } from './seeded.ts';
import { type Understanding, understand, wordsOf } from './understanding.ts';
import type { Worth } from './worth.ts';

export interface Enhanced {
  prompt: string;
  additions: Addition[];
  /** Whether phrases of a language model are among them. */
  modelled: boolean;
}

export interface EnhanceOptions {
  /** 0 to 2^32 − 1. */
  seed: number;
  /** A key of STYLES; without it one is chosen where the prompt names none. */
  style?: string | undefined;
  /** Whether the models know a phrase; what they have never seen is not added unasked. Default: they know all. */
  knows?: ((phrase: string) => boolean) | undefined;
  /** What is said about people who are left open; default: nothing. */
  representation?: Representation | undefined;
  /** Phrases that a language model proposes; where none of them will do, the rules' own are used. */
  proposals?: readonly string[] | undefined;
  /** What phrases do to pictures: those that make them worse are left out, and those that make them better are always added. */
  worth?: Worth | undefined;
}

/** A prompt's limit in words; a longer result is given up for the prompt as it was. */
const MAX_WORDS = 128;

/**
 * The prompt with additions behind it. Every choice depends on the seed, on what the prompt is of and on what it leaves
 * open, never on other words: prompts that differ in who is shown get the same additions.
 */
export function enhance(prompt: string, options: EnhanceOptions): Enhanced {
  const { seed, representation, proposals = [], knows = () => true } = options;
  const understanding = understand(prompt);
  const shown = representation?.draw(prompt, seed);
  const worth = options.worth?.(understanding.domain);
  const harmless = proposals.filter((phrase) => !worth || worth(phrase) > 0);
  const modelled = acceptable(harmless, prompt, understanding, knows);
  const drafts = [
    ...(shown ? [shown] : []),
    ...modelled,
    ...(modelled.length === 0 || worth ? byRules(prompt, understanding, modelled, options) : []),
  ];
  const styled = understanding.settled.has('style') || drafts.some(({ kind }) => kind === 'style');
  const style = options.style ?? (styled ? undefined : automaticStyle(options));
  if (style) drafts.push({ kind: 'style', text: STYLES[style] as string });
  const { prompt: enhanced, additions } = join(prompt, drafts);
  if (countWords(enhanced) > MAX_WORDS) return { prompt, additions: [], modelled: false };
  return { prompt: enhanced, additions, modelled: modelled.length > 0 };
}

/** A phrase for each slot that is still open behind the model's phrases, as often as it is to be used. */
function byRules(
  prompt: string,
  understanding: Understanding,
  modelled: readonly Draft[],
  { seed, knows = () => true, worth: worths }: EnhanceOptions,
): Draft[] {
  const worth = worths?.(understanding.domain);
  const settled = new Set([
    ...understanding.settled,
    ...modelled.flatMap(({ text }) => [...facetsOfPhrase(text)]),
  ]);
  const drafts: Draft[] = [];
  for (const slot of SLOTS) {
    if (!worth && uniform(seed, `${slot.name}?`) >= slot.share) continue;
    const fitting = fittingPhrases(
      slot,
      understanding,
      settled,
      coloursIn(slot, prompt, [...modelled, ...drafts]),
    );
    const known = fitting.filter(knows);
    const phrases = worth ? bestOf(known, worth) : known;
    const text = pick(phrases, uniform(seed, slot.name));
    if (!text) continue;
    drafts.push({ kind: slot.kind, text });
    settled.add(slot.settles);
  }
  return drafts;
}

/** Phrases of a slot that may stand behind a prompt in which so much is settled; none with a colour that is used. */
export function fittingPhrases(
  slot: Slot,
  { domain, habitat, settled: stated }: Understanding,
  settled: ReadonlySet<Facet>,
  used: readonly string[],
): string[] {
  if (!slot.domains.includes(domain)) return [];
  if (settled.has(slot.settles) || slot.ifOpen?.some((facet) => stated.has(facet))) return [];
  return slot.phrases(habitat).filter((phrase) => !wordsOf(phrase).some((word) => used.includes(word)));
}

/** Those that promise a gain, and at least half of the greatest: what is left to chance. */
function bestOf(phrases: readonly string[], gain: (phrase: string) => number): string[] {
  const most = Math.max(...phrases.map(gain));
  return phrases.filter((phrase) => gain(phrase) > 0 && gain(phrase) >= most / 2);
}

/** Colours that an addition may not repeat: a circle, say, would vanish on a background of its own colour. */
export function coloursIn(slot: Slot, prompt: string, drafts: readonly Draft[]): string[] {
  const own = slot.domains.includes('abstract') ? wordsOf(prompt) : [];
  return [...own, ...drafts.flatMap(({ text }) => wordsOf(text))].filter((word) =>
    COLOUR_WORDS.includes(word),
  );
}

const automaticStyle = ({ seed, knows = () => true }: EnhanceOptions): string | undefined =>
  pick(
    AUTOMATIC_STYLES.filter((name) => knows(STYLES[name] as string)),
    uniform(seed, 'style'),
  );

const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;
