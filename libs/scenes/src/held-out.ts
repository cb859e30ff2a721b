/** Held-out prompts that models and profiles are measured with, each told apart from the others by what it states. */
import { composeScene } from './compose.ts';
import type { Attributes } from './scene.ts';

/** Below the seeds of training, and none that other figures use. */
const FIRST_SEED = 200_000;

export interface HeldOutPrompt {
  /** Seed of the scene; the picture is drawn with the same one. */
  readonly seed: number;
  /** The caption that states most. */
  readonly text: string;
  /** What it states. */
  readonly stated: Attributes;
}

/** `count` prompts of which no two state the same; the same ones in every run. */
export function heldOutPrompts(count: number): HeldOutPrompt[] {
  const prompts = new Map<string, HeldOutPrompt>();
  for (let seed = FIRST_SEED; prompts.size < count; seed++) {
    const { captions, attributes } = composeScene(seed);
    const { text, states } = captions.reduce((a, b) => (b.states.length > a.states.length ? b : a));
    const facts = [...states].sort().flatMap((key) => {
      const value = attributes[key];
      return value === undefined ? [] : [[key, value] as const];
    });
    const known = JSON.stringify(facts);
    if (!prompts.has(known)) prompts.set(known, { seed, text, stated: Object.fromEntries(facts) });
  }
  return [...prompts.values()];
}
