/** Named colours and the arithmetic that shades them. Names are what captions say. */

export const COLOURS = {
  red: '#d93030',
  orange: '#f58a1f',
  yellow: '#f7d032',
  green: '#35a04b',
  teal: '#2aa3a0',
  blue: '#2d62d8',
  purple: '#7d44b8',
  pink: '#f48cb4',
  brown: '#8a5530',
  black: '#1c1c22',
  white: '#fbfaf5',
  grey: '#9a9ca0',
} as const;

export type Colour = keyof typeof COLOURS;

/** Words a prompt may use for a colour; the first is the canonical one. */
export const COLOUR_WORDS: Record<Colour, readonly string[]> = {
  red: ['red', 'crimson', 'scarlet'],
  orange: ['orange', 'tangerine'],
  yellow: ['yellow', 'golden yellow', 'lemon'],
  green: ['green', 'emerald'],
  teal: ['teal', 'turquoise'],
  blue: ['blue', 'cobalt', 'azure'],
  purple: ['purple', 'violet'],
  pink: ['pink', 'rose'],
  brown: ['brown', 'chestnut'],
  black: ['black', 'jet black'],
  white: ['white', 'snow-white'],
  grey: ['grey', 'gray'],
};

const channels = (hex: string): number[] => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
const hex = (rgb: readonly number[]): string =>
  `#${rgb
    .map((v) =>
      Math.max(0, Math.min(255, Math.round(v)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

/** Linear blend of two `#rrggbb` colours in sRGB; amount 0 gives `from`, 1 gives `to`. */
export function mix(from: string, to: string, amount: number): string {
  const [a, b] = [channels(from), channels(to)];
  return hex(a.map((v, i) => v + ((b[i] as number) - v) * amount));
}

export const darken = (colour: string, amount: number): string => mix(colour, '#000000', amount);
export const lighten = (colour: string, amount: number): string => mix(colour, '#ffffff', amount);
