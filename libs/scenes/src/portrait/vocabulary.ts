/** What a portrait can be: every attribute key with its closed set of values. */

/** Monk Skin Tone scale (Ellis Monk, skintone.google), tones 1 to 10. */
export const MONK_TONES = {
  monk1: '#f6ede4',
  monk2: '#f3e7db',
  monk3: '#f7ead0',
  monk4: '#eadaba',
  monk5: '#d7bd96',
  monk6: '#a07e56',
  monk7: '#825c43',
  monk8: '#604134',
  monk9: '#3a312a',
  monk10: '#292420',
} as const;

export type MonkTone = keyof typeof MONK_TONES;

export const AGES = ['child', 'young', 'adult', 'old'] as const;
export const GENDERS = ['woman', 'man'] as const;
export const SKINS = Object.keys(MONK_TONES) as MonkTone[];
/** The coarse tone that everyday words tell: light = monk1–3, medium = monk4–6, dark = monk7–10. */
export const SKIN_TONES = ['light', 'medium', 'dark'] as const;
export const HAIR_STYLES = ['short', 'long', 'curly', 'bun', 'ponytail', 'afro', 'bald'] as const;
export const HAIR_COLOURS = ['black', 'brown', 'blonde', 'red', 'grey', 'white', 'none'] as const;
export const GLASSES = ['none', 'glasses', 'sunglasses'] as const;
export const HATS = ['none', 'cap', 'beanie', 'brimmed'] as const;
export const BEARDS = ['none', 'beard', 'moustache'] as const;
export const EXPRESSIONS = ['smiling', 'neutral', 'sad', 'surprised'] as const;
export const CLOTHING_COLOURS = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
  'black',
  'white',
  'grey',
] as const;
export const HAT_COLOURS = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'brown',
  'black',
  'white',
] as const;
export const BACKGROUNDS = CLOTHING_COLOURS;

/**
 * Portrait attributes. `hair.colour` is the colour of the beard too, and 'none' for a bald head without beard;
 * `hat.colour` is 'none' without a hat. `skin.tone` follows from `skin`.
 */
export const PORTRAIT_VOCABULARY = {
  age: AGES,
  gender: GENDERS,
  skin: SKINS,
  'skin.tone': SKIN_TONES,
  'hair.style': HAIR_STYLES,
  'hair.colour': HAIR_COLOURS,
  glasses: GLASSES,
  hat: HATS,
  'hat.colour': [...HAT_COLOURS, 'none'],
  beard: BEARDS,
  expression: EXPRESSIONS,
  'clothing.colour': CLOTHING_COLOURS,
  background: BACKGROUNDS,
} as const;

/** The attributes of one portrait. */
export interface Portrait {
  age: (typeof AGES)[number];
  gender: (typeof GENDERS)[number];
  skin: MonkTone;
  'skin.tone': (typeof SKIN_TONES)[number];
  'hair.style': (typeof HAIR_STYLES)[number];
  'hair.colour': (typeof HAIR_COLOURS)[number];
  glasses: (typeof GLASSES)[number];
  hat: (typeof HATS)[number];
  'hat.colour': (typeof HAT_COLOURS)[number] | 'none';
  beard: (typeof BEARDS)[number];
  expression: (typeof EXPRESSIONS)[number];
  'clothing.colour': (typeof CLOTHING_COLOURS)[number];
  background: (typeof BACKGROUNDS)[number];
}

/** Wordings for each value of an attribute. */
export type Words<K extends keyof Portrait> = Readonly<Record<Portrait[K], readonly string[]>>;

/** The coarse tone of a Monk tone. */
export function skinTone(skin: MonkTone): Portrait['skin.tone'] {
  const index = SKINS.indexOf(skin) + 1;
  if (index <= 3) return 'light';
  return index <= 6 ? 'medium' : 'dark';
}
