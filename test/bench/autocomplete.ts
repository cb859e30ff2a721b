/** How often the next word is among five suggestions, and how fast they come, through the real service. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AutocompleteService } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { createClient } from '@atelier/rpc';
import { composeScene } from '@atelier/scenes';
import type { Benchmark } from './benchmark.ts';
import { median, percentile, rounded } from './statistics.ts';

/** Scenes that neither the index nor the models were made from. */
const FIRST_SEED = 20_000_000;
const SCENES = 400;
const CAPTIONS_PER_SCENE = 5;
const RATE_PER_SECOND = 200;
const MIN_WORDS = 4;
const WARM_UP = 200;

export const benchmark: Benchmark = {
  about: `First halves of captions of ${SCENES} scenes never seen (seeds from ${FIRST_SEED}), ${RATE_PER_SECOND} a second.`,
  async run() {
    const mesh = await startMesh({ services: ['autocomplete', 'prompt-safety'], freePorts: true });
    const client = createClient(AutocompleteService, { address: mesh.address('autocomplete') });
    try {
      const times: number[] = [];
      let hits = 0;
      let failed = 0;
      const ask = async ({ prefix, next }: Half): Promise<void> => {
        const began = performance.now();
        const answer = await client.suggestPrompts({ prefix, limit: 5 }).catch(() => undefined);
        times.push(performance.now() - began);
        if (!answer) failed++;
        else if (answer.suggestions.some(({ text }) => word(text.slice(prefix.length)) === next)) hits++;
      };
      const halves = heldOut();
      // Both ends' compilers, before the clock starts.
      for (const half of halves.slice(0, WARM_UP)) await ask(half);
      times.length = 0;
      hits = 0;
      failed = 0;
      const began = performance.now();
      const asked = [];
      for (const [i, half] of halves.entries()) {
        const wait = began + (1000 * i) / RATE_PER_SECOND - performance.now();
        if (wait > 1) await sleep(wait);
        asked.push(ask(half));
      }
      await Promise.all(asked);
      return {
        nextWordTop5: rounded(hits / halves.length),
        p99Ms: rounded(percentile(times, 0.99)),
        p50Ms: rounded(median(times)),
        prompts: halves.length,
        failed,
      };
    } finally {
      client.close();
      await mesh.stop();
    }
  },
};

interface Half {
  prefix: string;
  /** The word that follows, without punctuation. */
  next: string;
}

function heldOut(): Half[] {
  return Array.from({ length: SCENES }, (_, i) =>
    composeScene(FIRST_SEED + i).captions.slice(0, CAPTIONS_PER_SCENE),
  )
    .flat()
    .map(({ text }) => text.split(/\s+/))
    .filter((words) => words.length >= MIN_WORDS)
    .map((words) => {
      const half = Math.floor(words.length / 2);
      return { prefix: `${words.slice(0, half).join(' ')} `, next: word(words[half] ?? '') };
    });
}

/** The first word of a text, bare and in lower case. */
const word = (text: string): string => (/\S+/.exec(text)?.[0] ?? '').toLowerCase().replace(/[.,:]$/, '');
