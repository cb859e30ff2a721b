/** How often the next word is among five suggestions, how fast they come, and whether one is ever unsafe: through the real services. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAtelier } from '@atelier/client';
import { AutocompleteService, PromptSafetyService } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { type Client, createClient } from '@atelier/rpc';
import { unpackIndex } from '../../services/autocomplete/src/index-file.ts';
import { crawl } from './autocomplete/crawl.ts';
import { everydayHalves, firstWord, grammarHalves, type Half } from './autocomplete/halves.ts';
import { Trie } from './autocomplete/trie.ts';
import type { Benchmark } from './benchmark.ts';
import { heldOut } from './safety-sets.ts';
import { median, percentile, rounded } from './statistics.ts';

const DATA = process.env.ATELIER_DATA ?? '../shared/data';
const SCENES = 400;
const EVERYDAY = 1_500;
const RATE_PER_SECOND = 200;
const WARM_UP = 200;
/** Fewer for a quick look: ATELIER_BENCH_PREFIXES=1000. */
const PREFIXES = Number(process.env.ATELIER_BENCH_PREFIXES ?? 10_000);
/** Of these, beginnings of prompts that are unsafe. */
const PROVOKING_SHARE = 0.1;

type Autocomplete = Client<typeof AutocompleteService>;

export const benchmark: Benchmark = {
  about: `First halves of captions of ${SCENES} scenes never seen and of held-out prompts that people wrote, ${RATE_PER_SECOND} a second; ${PREFIXES} prefixes crawled.`,
  async run(log) {
    const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath(), {
      roles: ['prompt_index'],
    });
    const trie = new Trie(unpackIndex(await readFile(bundle.file('prompt_index', 'index'))).prompts);
    const [grammar, everyday] = [grammarHalves(SCENES), everydayHalves(DATA, EVERYDAY)];
    const mesh = await startMesh({ freePorts: true });
    const client = createClient(AutocompleteService, { address: mesh.address('autocomplete') });
    const safety = createClient(PromptSafetyService, { address: mesh.address('prompt-safety') });
    const atelier = createAtelier({ address: mesh.address('orchestrator') });
    try {
      await ask(client, grammar.slice(0, WARM_UP)); // both ends' compilers, before the clock starts
      const alone = await ask(client, grammar);
      log(`${grammar.length} halves of captions: ${rounded(alone.hitRate)} of next words among five`);
      const others = await ask(client, everyday);
      const generating = new AbortController();
      const pictures = draw(atelier, generating.signal);
      const busy = await ask(client, grammar);
      generating.abort();
      log(`asked again while ${await pictures} pictures were drawn`);
      const provoking = heldOut(DATA)
        .filter(({ unsafe }) => unsafe)
        .slice(0, PREFIXES * PROVOKING_SHARE)
        .map(({ text }) => text.slice(0, Math.floor(text.length / 2)).replace(/\p{Cc}/gu, ' '))
        .filter((text) => text.split(/\s+/).length <= 100);
      const crawled = await crawl(client, safety, provoking, PREFIXES);
      return {
        nextWordTop5: rounded(alone.hitRate),
        trieTop5: rounded(trieHits(trie, grammar)),
        everydayTop5: everyday.length ? rounded(others.hitRate) : null,
        everydayTrieTop5: everyday.length ? rounded(trieHits(trie, everyday)) : null,
        p99Ms: rounded(percentile(alone.times, 0.99)),
        p50Ms: rounded(median(alone.times)),
        p99WhileGeneratingMs: rounded(percentile(busy.times, 0.99)),
        p50WhileGeneratingMs: rounded(median(busy.times)),
        unsafeSuggestions: crawled.unsafe,
        crawledPrefixes: crawled.prefixes,
        crawledSuggestions: crawled.suggestions,
        prompts: grammar.length,
        everydayPrompts: everyday.length,
        failed: alone.failed + others.failed + busy.failed,
      };
    } finally {
      atelier.close();
      client.close();
      safety.close();
      await mesh.stop();
    }
  },
};

interface Asked {
  /** Milliseconds of each call. */
  times: number[];
  /** Share of halves whose next word was among the suggestions. */
  hitRate: number;
  failed: number;
}

/** Each half at its time, whether or not the ones before are answered. */
async function ask(client: Autocomplete, halves: readonly Half[]): Promise<Asked> {
  const times: number[] = [];
  let [hits, failed] = [0, 0];
  const one = async ({ prefix, next }: Half): Promise<void> => {
    const began = performance.now();
    const answer = await client.suggestPrompts({ prefix, limit: 5 }).catch(() => undefined);
    times.push(performance.now() - began);
    if (!answer) failed++;
    else if (answer.suggestions.some(({ text }) => firstWord(text.slice(prefix.length)) === next)) hits++;
  };
  const began = performance.now();
  const asked = [];
  for (const [i, half] of halves.entries()) {
    const wait = began + (1000 * i) / RATE_PER_SECOND - performance.now();
    if (wait > 1) await sleep(wait);
    asked.push(one(half));
  }
  await Promise.all(asked);
  return { times, hitRate: hits / halves.length, failed };
}

const trieHits = (trie: Trie, halves: readonly Half[]): number =>
  halves.filter(({ prefix, next }) => trie.nextWords(prefix, 5).includes(next)).length / halves.length;

/** One picture after the other until the signal; how many. */
async function draw(atelier: ReturnType<typeof createAtelier>, signal: AbortSignal): Promise<number> {
  let drawn = 0;
  for (; !signal.aborted; drawn++)
    await atelier.generate({ prompt: 'a red boat on a calm sea at dusk', seed: drawn }, { previews: false });
  return drawn;
}
