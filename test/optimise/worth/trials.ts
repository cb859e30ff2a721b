/** Phrases tried out one by one behind held-out prompts: what each does to the picture that the same seed gives without it. */
import type { Bundle } from '@atelier/models';
import { createRandom } from '@atelier/scenes';
import { coloursIn, fittingPhrases } from '../../../services/prompt-enhancement/src/enhance.ts';
import type { Domain } from '../../../services/prompt-enhancement/src/facets.ts';
import { join } from '../../../services/prompt-enhancement/src/join.ts';
import { loadKnowledge } from '../../../services/prompt-enhancement/src/knowledge.ts';
import { type Enhancer, loadEnhancer } from '../../../services/prompt-enhancement/src/model.ts';
import { SLOTS } from '../../../services/prompt-enhancement/src/phrases.ts';
import { acceptable } from '../../../services/prompt-enhancement/src/proposals.ts';
import { understand } from '../../../services/prompt-enhancement/src/understanding.ts';
import { openCritic } from '../critic.ts';

/** Seeds that the enhancer is asked with, phrases taken of a slot, and phrases tried behind a prompt, at most. */
const [ASKED, OF_A_SLOT, TRIED] = [3, 2, 4];
/** Between the seeds of a prompt: none is another prompt's. */
const APART = 1_000_000;

export interface Trial {
  readonly domain: Domain;
  readonly phrase: string;
  /** Aesthetic score and CLIPScore to the prompt as it was, summed, with the phrase less without it. */
  readonly gain: number;
}

/** @param prompts each with the seed it is drawn with; nothing that enhancement is measured on. */
export async function tryPhrases(
  bundle: Bundle,
  prompts: readonly { readonly text: string; readonly seed: number }[],
  threads: number,
  log: (line: string) => void,
): Promise<Trial[]> {
  const enhancer = await loadEnhancer(bundle.path, { threads: 1 });
  if (!enhancer) throw new TypeError(`${bundle.path} has no role enhancer`);
  const knows = await loadKnowledge(bundle.path);
  const critic = await openCritic(bundle, threads);
  const trials: Trial[] = [];
  try {
    for (const [i, { text, seed }] of prompts.entries()) {
      const { domain } = understand(text);
      const phrases = await phrasesFor(text, seed, enhancer, knows);
      const without = phrases.length > 0 && (await critic.judge(text, seed, text));
      for (const phrase of phrases) {
        if (!without) continue;
        const { prompt } = join(text, [{ kind: 'detail', text: phrase }]);
        const rich = await critic.judge(prompt, seed, text);
        const gain = rich.aesthetic + rich.clipScore - without.aesthetic - without.clipScore;
        trials.push({ domain, phrase, gain });
      }
      if ((i + 1) % 50 === 0) log(`${i + 1} of ${prompts.length} prompts, ${trials.length} phrases tried`);
    }
  } finally {
    await Promise.all([critic.close(), enhancer.close()]);
  }
  return trials;
}

/** Some of all that may stand behind the prompt, of the model's phrases and of the rules'. */
async function phrasesFor(
  prompt: string,
  seed: number,
  enhancer: Enhancer,
  knows: (phrase: string) => boolean,
): Promise<string[]> {
  const understanding = understand(prompt);
  const found = new Set<string>();
  for (let round = 0; round < ASKED; round++)
    for (const phrase of await enhancer.propose(prompt, seed + round * APART, AbortSignal.timeout(60_000)))
      for (const { text, kind } of acceptable([phrase], prompt, understanding, knows))
        if (kind !== 'style') found.add(text);
  for (const slot of SLOTS) {
    const used = coloursIn(slot, prompt, []);
    const fitting = fittingPhrases(slot, understanding, understanding.settled, used).filter(knows);
    for (const phrase of createRandom(`${seed}/${slot.name}`).sample(fitting, OF_A_SLOT)) found.add(phrase);
  }
  return createRandom(`phrases/${seed}`).sample([...found], TRIED);
}
