/** Reading a prompt: what it is of, and which facets it has settled. */
import type { Domain, Facet } from './facets.ts';
import {
  COLOUR_WORDS,
  COLOURED_PARTS,
  domainCounts,
  facetsOf,
  facetsOfPhrases,
  type Habitat,
  habitatOf,
  isPerson,
} from './lexicon.ts';

export interface Understanding {
  domain: Domain;
  settled: ReadonlySet<Facet>;
  /** Where a subject without a stated place is at home. */
  habitat: Habitat | undefined;
}

/** Words that say nothing by themselves. */
export const SMALL: ReadonlySet<string> = new Set(
  'a an the in on at by of to under over below beneath with among against during before behind near is are and its'.split(
    ' ',
  ),
);

/** Lower-case words; a hyphenated word counts as itself and as its parts. */
export function wordsOf(prompt: string): string[] {
  const found =
    prompt
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu) ?? [];
  return found.flatMap((word) => (word.includes('-') ? [word, ...word.split('-')] : [word]));
}

export function understand(prompt: string): Understanding {
  const words = wordsOf(prompt);
  const settled = new Set([...words.flatMap(facetsOf), ...facetsOfPhrases(words.join(' '))]);
  if (words.some((word, i) => COLOUR_WORDS.includes(word) && !coloursPart(words, i))) {
    settled.add('clothing');
    settled.add('background');
  }
  return { domain: domainOf(words), settled, habitat: habitatOf(words) };
}

/** Whether a colour word belongs to hair, a hat and the like, or to a person: "long red curly hair", "a black woman". */
const coloursPart = (words: readonly string[], at: number): boolean =>
  words.slice(at + 1, at + 4).some((word) => COLOURED_PARTS.includes(word) || isPerson(word));

/** Abstract words decide against both others, people against landscape; people in a place are neither. */
function domainOf(words: readonly string[]): Domain {
  const { abstract, portrait, landscape } = domainCounts(words);
  if (abstract > 0 && abstract >= Math.max(portrait, landscape)) return 'abstract';
  if (portrait > 0) return landscape > 0 ? 'other' : 'portrait';
  return landscape > 0 ? 'landscape' : 'other';
}
