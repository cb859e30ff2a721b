/** What may be added: phrases of the world that the starter models draw, by slot. */
import type { Domain, Facet } from './facets.ts';
import type { Habitat } from './lexicon.ts';

export type AdditionKind = 'setting' | 'light' | 'weather' | 'style' | 'detail' | 'representation';

/** One place in the enriched prompt where a phrase may stand. */
export interface Slot {
  /** Names its stream of randomness. */
  name: string;
  kind: AdditionKind;
  /** Domains it suits. */
  domains: readonly Domain[];
  /** What the phrases settle: used only while it is open. */
  settles: Facet;
  /** What the user must have left open besides. */
  ifOpen?: readonly Facet[];
  /** How often it is used when it could be, 0 to 1. */
  share: number;
  /** The phrases, alike in rank; where it matters, by what the subject is. */
  phrases: (habitat: Habitat | undefined) => readonly string[];
}

const COLOURS = ['blue', 'green', 'yellow', 'orange', 'teal', 'pink', 'grey', 'white', 'red', 'purple'];

const PLACES: Record<Habitat, readonly string[]> = {
  sea: ['on the ocean', 'on a calm sea', 'on the open sea', 'on a quiet lake'],
  desert: ['in the desert', 'on sand dunes', 'in a sandy desert'],
  beach: ['on a sandy beach', 'on a tropical beach', 'on the beach'],
  city: ['on a city street', 'in the city'],
  meadow: ['in a meadow', 'in a grassy field', 'in the countryside'],
};

/** Each pattern in each colour, `#` standing for the colour. */
const coloured = (...patterns: string[]): string[] =>
  COLOURS.flatMap((colour) => patterns.map((pattern) => withArticle(pattern.replace('#', colour))));

/** In the order in which they stand behind the user's words. */
export const SLOTS: readonly Slot[] = [
  {
    name: 'clothing',
    kind: 'detail',
    domains: ['portrait'],
    settles: 'clothing',
    share: 0.6,
    phrases: () => coloured('wearing a # shirt', 'wearing a # sweater'),
  },
  {
    name: 'background',
    kind: 'setting',
    domains: ['portrait'],
    settles: 'background',
    ifOpen: ['place'],
    share: 1,
    phrases: () => coloured('on a # background'),
  },
  {
    name: 'place',
    kind: 'setting',
    domains: ['landscape'],
    settles: 'place',
    share: 1,
    phrases: (habitat) => (habitat ? PLACES[habitat] : []),
  },
  {
    name: 'season',
    kind: 'weather',
    domains: ['landscape'],
    settles: 'season',
    ifOpen: ['weather', 'place'],
    share: 0.4,
    phrases: (habitat) => (habitat === 'meadow' ? ['in spring', 'in summer', 'in autumn'] : []),
  },
  {
    name: 'time',
    kind: 'light',
    domains: ['landscape'],
    settles: 'time',
    share: 1,
    phrases: () => [
      'at sunset',
      'at golden hour',
      'at dawn',
      'at sunrise',
      'in the evening light',
      'in daylight',
    ],
  },
  {
    name: 'sky',
    kind: 'weather',
    domains: ['landscape'],
    settles: 'weather',
    share: 0.6,
    phrases: () => ['under a clear sky', 'with clouds in the sky', 'under a cloudy sky'],
  },
  {
    name: 'birds',
    kind: 'detail',
    domains: ['landscape'],
    settles: 'birds',
    ifOpen: ['weather'],
    share: 0.2,
    phrases: () => ['with birds in the sky', 'with birds'],
  },
  {
    name: 'abstract background',
    kind: 'setting',
    domains: ['abstract'],
    settles: 'background',
    ifOpen: ['place'],
    share: 0.6,
    phrases: () => coloured('on a # background'),
  },
];

/** "a orange" → "an orange". */
function withArticle(phrase: string): string {
  return phrase.replace(/\ba (?=[aeiou])/g, 'an ');
}

/**
 * Styles by the name a request gives. Those in AUTOMATIC are what the starter models draw and may be chosen unasked;
 * the others are for bundles that know them.
 */
export const STYLES: Readonly<Record<string, string>> = {
  'flat-illustration': 'flat illustration',
  illustration: 'illustration',
  poster: 'poster',
  drawing: 'drawing',
  painting: 'painting',
  watercolour: 'watercolour painting',
  'oil-painting': 'oil painting',
  'pencil-sketch': 'pencil sketch',
  'pixel-art': 'pixel art',
  'paper-cut': 'paper cut-out',
  photo: 'photograph',
};

export const AUTOMATIC_STYLES = ['flat-illustration', 'illustration', 'poster', 'drawing'];
