/** Prompts as people write them, from the scene grammar: captions with how often each form occurs. */
import { composeScene } from '@atelier/scenes';
import { fold } from '../fold.ts';
import type { PopularPrompt } from '../index-file.ts';

export interface CaptionOptions {
  /** Seed of the first scene; far from the seeds of training and test scenes, which changes nothing but is clean. */
  firstSeed: number;
  /** Number of scenes, some nine captions each. */
  scenes: number;
  /** Most prompts returned: the commonest forms, then rarer ones as they come. */
  maxPrompts: number;
}

/** The commonest captions of many scenes. */
export function countCaptions({ firstSeed, scenes, maxPrompts }: CaptionOptions): PopularPrompt[] {
  const forms = new Map<string, PopularPrompt>();
  for (let i = 0; i < scenes; i++)
    for (const caption of composeScene(firstSeed + i).captions) {
      const text = asTyped(caption.text);
      const key = fold(text);
      const form = forms.get(key);
      if (form) form.popularity++;
      else forms.set(key, { text, popularity: 1 });
    }
  return [...forms.values()].sort((a, b) => b.popularity - a.popularity).slice(0, maxPrompts);
}

/** A caption as it would be typed: single spaces, no capital of a sentence, no full stop after the only one. */
function asTyped(caption: string): string {
  const text = caption
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
  return /^[^.]+\.$/.test(text) ? text.slice(0, -1) : text;
}
