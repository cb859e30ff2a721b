/** Adding setting, light, weather and style to a prompt: seeded, and behind the user's own words. */
import type { Facet } from './facets.ts';
import { COLOUR_WORDS } from './lexicon.ts';
import { type AdditionKind, AUTOMATIC_STYLES, SLOTS, type Slot, STYLES } from './phrases.ts';
import { acceptable } from './proposals.ts';
import type { Representation } from './representation.ts';
import { pick, uniform } from './seeded.ts';
import { type Understanding, understand, wordsOf } from './understanding.ts';

export interface Addition {
  kind: AdditionKind;
  text: string;
  /** Where `text` begins in the enhanced prompt, in Unicode code points. */
  offset: number;
}

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
}

/** A prompt's limit in words; a longer result is given up for the prompt as it was. */
const MAX_WORDS = 128;

type Draft = Omit<Addition, 'offset'>;

/**
 * The prompt with additions behind it. Every choice depends on the seed, on what the prompt is of and on what it leaves
 * open, never on other words: prompts that differ in who is shown get the same additions.
 */
export function enhance(prompt: string, options: EnhanceOptions): Enhanced {
  const { seed, representation, proposals = [], knows = () => true } = options;
  const understanding = understand(prompt);
  const shown = representation?.draw(prompt, seed);
  const modelled = acceptable(proposals, prompt, understanding, knows);
  const drafts = [
    ...(shown ? [shown] : []),
    ...(modelled.length > 0 ? modelled : byRules(prompt, understanding, options)),
  ];
  const styled = understanding.settled.has('style') || drafts.some(({ kind }) => kind === 'style');
  const style = options.style ?? (styled ? undefined : automaticStyle(options));
  if (style) drafts.push({ kind: 'style', text: STYLES[style] as string });
  const { prompt: enhanced, additions } = join(prompt, drafts);
  if (countWords(enhanced) > MAX_WORDS) return { prompt, additions: [], modelled: false };
  return { prompt: enhanced, additions, modelled: modelled.length > 0 };
}

/** A phrase for each slot that is open, as often as it is to be used. */
function byRules(prompt: string, understanding: Understanding, options: EnhanceOptions): Draft[] {
  const settled = new Set(understanding.settled);
  const drafts: Draft[] = [];
  for (const slot of SLOTS) {
    const text = fill(slot, understanding, settled, options, coloursIn(slot, prompt, drafts));
    if (!text) continue;
    drafts.push({ kind: slot.kind, text });
    settled.add(slot.settles);
  }
  return drafts;
}

function fill(
  slot: Slot,
  { domain, habitat, settled: stated }: Understanding,
  settled: ReadonlySet<Facet>,
  { seed, knows = () => true }: EnhanceOptions,
  used: readonly string[],
): string | undefined {
  if (!slot.domains.includes(domain)) return undefined;
  if (settled.has(slot.settles) || slot.ifOpen?.some((facet) => stated.has(facet))) return undefined;
  if (uniform(seed, `${slot.name}?`) >= slot.share) return undefined;
  const phrases = slot
    .phrases(habitat)
    .filter((phrase) => knows(phrase) && !wordsOf(phrase).some((word) => used.includes(word)));
  return pick(phrases, uniform(seed, slot.name));
}

/** Colours that an addition may not repeat: a circle, say, would vanish on a background of its own colour. */
function coloursIn(slot: Slot, prompt: string, drafts: readonly Draft[]): string[] {
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

/** A list of keywords goes on with commas, a finished sentence with a new one, anything else just goes on. */
function join(prompt: string, drafts: readonly Draft[]): Omit<Enhanced, 'modelled'> {
  const keywords = (prompt.match(/,/g)?.length ?? 0) >= 2;
  const sentence = /[.!?…]["'”’)]?\s*$/.test(prompt);
  let text = prompt;
  const additions = drafts.map(({ kind, text: words }, i): Addition => {
    const first = i === 0;
    const glue = /\s$/.test(text) ? '' : ' ';
    const comma =
      !(first && sentence) && (keywords || kind === 'style' || /^an? /.test(words)) && !/[,;:]\s*$/.test(text)
        ? ','
        : '';
    const added = first && sentence ? words.charAt(0).toUpperCase() + words.slice(1) : words;
    const offset = [...`${text}${comma}${glue}`].length;
    text = `${text}${comma}${glue}${added}`;
    return { kind, text: added, offset };
  });
  if (drafts.length > 0 && sentence) text += '.';
  return { prompt: text, additions };
}

const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;
