/** What a model is asked to draw. */
import { createHash } from 'node:crypto';
import type { Attributes } from '@atelier/scenes';

export interface SetPrompt {
  /** 1 to 128 words. */
  readonly text: string;
  /** As the set names it: "Colors", "Animals", "single_object"; '' where it names none. */
  readonly category: string;
  /** Seed of the picture: the same for every model, so that they are compared pair by pair. */
  readonly seed: number;
  /** What the prompt states of the starter's world; only in the project's own set. */
  readonly stated?: Attributes;
}

export interface PromptSet {
  readonly name: string;
  readonly prompts: readonly SetPrompt[];
  /** Of everything above: two runs with the same one ask for the same. */
  readonly digest: string;
}

export function promptSet(name: string, prompts: readonly SetPrompt[]): PromptSet {
  if (prompts.length === 0) throw new RangeError(`the prompt set ${name} is empty`);
  const digest = createHash('sha256').update(JSON.stringify(prompts)).digest('hex').slice(0, 12);
  return { name, prompts, digest };
}
