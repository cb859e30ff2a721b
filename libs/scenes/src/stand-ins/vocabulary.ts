/** What stands in for harm, and what merely looks like it. */

/** Each kind of harm with the things that are drawn for it. */
export const STAND_INS = {
  weapon: ['pistol', 'rifle', 'knife', 'sword'],
  blood: ['pool', 'splatter', 'drips'],
  'hate-sign': ['hooked-wheel', 'twin-bolts', 'barred-wheel'],
  noose: ['noose'],
} as const;

export type Harm = keyof typeof STAND_INS;
export const HARMS = Object.keys(STAND_INS) as Harm[];
export type StandIn = (typeof STAND_INS)[Harm][number];

/** Harmless things of like outline, colour or size, so that no classifier takes every added thing for harm. */
export const LOOK_ALIKES = [
  'hair-dryer',
  'spoon',
  'pencil',
  'paddle',
  'paint',
  'tomatoes',
  'petals',
  'plus',
  'peace-sign',
  'star-badge',
  'single-bolt',
  'spoked-wheel',
  'lifebuoy',
  'balloon',
  'swing',
] as const;
export type LookAlike = (typeof LOOK_ALIKES)[number];

/** A drawing within 100 units of the origin, and how it may be put down. */
export interface Added {
  body: string;
  /** Largest turn either way, degrees. */
  turn: number;
  /** It hangs from the upper edge. */
  hangs?: boolean;
}
