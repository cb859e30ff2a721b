/** What the mesh does, in the words of people, and how far it is. */

const NAMES: Readonly<Record<string, string>> = {
  queue: 'Waiting its turn',
  'prompt-safety': 'Checking the prompt',
  'prompt-enhancement': 'Enriching the prompt',
  'text-encoder': 'Reading the prompt',
  diffusion: 'Drawing',
  'harm-detection': 'Looking it over',
  'super-resolution': 'Adding detail',
  store: 'Putting it away',
};

export const stageName = (name: string): string => NAMES[name] ?? name;

/** Share of the work that is done when a stage begins; drawing itself takes most. */
const BEGINS: Readonly<Record<string, number>> = {
  queue: 0.01,
  'prompt-safety': 0.03,
  'prompt-enhancement': 0.05,
  'text-encoder': 0.08,
  diffusion: 0.1,
  'harm-detection': 0.86,
  'super-resolution': 0.9,
  store: 0.97,
};
const DRAWN = BEGINS['harm-detection'] as number;

export const shareAt = (stage: string): number => BEGINS[stage] ?? 0;

/** Share while drawing: images are drawn beside each other, so the one that is told stands for all. */
export const shareWhileDrawing = (step: number, steps: number): number =>
  shareAt('diffusion') + (DRAWN - shareAt('diffusion')) * (steps > 0 ? step / steps : 0);

export const secondsOf = (ms: number): string => `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;
