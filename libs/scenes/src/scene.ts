/** The vocabulary of the scene grammar: what every domain produces. */
import type { Random } from './random.ts';

export const DOMAINS = ['landscape', 'portrait', 'abstract'] as const;
export type Domain = (typeof DOMAINS)[number];

/** One wording of a scene. `states` lists the attribute keys this wording tells; the rest it leaves open. */
export interface Caption {
  text: string;
  states: string[];
}

/**
 * What is in the picture, exactly: flat keys to closed-vocabulary values, e.g.
 * `{ place: 'sea', time: 'sunset', weather: 'clear', 'subject1.kind': 'sailboat', 'subject1.colour': 'red' }`.
 */
export type Attributes = Record<string, string>;

export interface Scene {
  seed: number;
  domain: Domain;
  attributes: Attributes;
  /** Six to ten paraphrases, three to sixty words. */
  captions: Caption[];
  /** A complete SVG document with viewBox 0 0 1024 1024: renders alike at 64, 256 and 1024. */
  svg: string;
}

/** What one domain's grammar gives for a stream of randomness; `fixed` pins attributes ("draw me exactly this"). */
export interface Drawing {
  attributes: Attributes;
  captions: Caption[];
  /** SVG body, without the outer `<svg>` element. */
  body: string;
}

export type Grammar = (random: Random, fixed?: Attributes) => Drawing;
