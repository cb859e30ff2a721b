/** How often the next word is among five suggestions, how fast they come, and whether one is ever unsafe: through the real services. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AutocompleteService, PromptSafetyService } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { median, percentile, rounded } from '@atelier/metrics';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { type Client, createClient } from '@atelier/rpc';
import { unpackIndex } from '../../services/autocomplete/src/index-file.ts';
import { crawl } from './autocomplete/crawl.ts';
import { everydayHalves, firstWord, grammarHalves, type Half } from './autocomplete/halves.ts';
import { Trie } from './autocomplete/trie.ts';
import type { Benchmark } from './benchmark.ts';
import { heldOut } from './safety-sets.ts';

const DATA = process.env.ATELIER_DATA ?? '../shared/data';
const SCENES = 400;
const EVERYDAY = 1_500;
const RATE_PER_SECOND = 200;
/** Calls until the compilers of both ends have done what they will: five seconds. */
const WARM_UP = 1_000;
/** Fewer for a quick look: ATELIER_BENCH_PREFIXES=1000. */
const PREFIXES = Number(process.env.ATELIER_BENCH_PREFIXES ?? 10_000);
/** Of these, beginnings of prompts that are unsafe. */
const PROVOKING_SHARE = 0.1;

type Autocomplete = Client<typeof AutocompleteService>;

/** What is suggested when nothing is late: how apt and how safe it is does not depend on how busy the machine is. */
const PATIENT = { ATELIER_LANGUAGE_MODEL_TIMEOUT_MS: '1000', ATELIER_PROMPT_SAFETY_TIMEOUT_MS: '1000' };

export const benchmark: Benchmark = {
  about: `First halves of captions of ${SCENES} scenes never seen and of held-out prompts that people wrote; ${PREFIXES} prefixes crawled; ${RATE_PER_SECOND} a second.`,
  async run(log) {
    // The clock first: what measures is not to hold a trie and people's prompts for its garbage collector to walk.
    const grammar = grammarHalves(SCENES);
    const timed = await speed(log);
    return { ...(await quality(grammar, everydayHalves(DATA, EVERYDAY), log)), ...timed };
  },
};

async function quality(grammar: readonly Half[], everyday: readonly Half[], log: (line: string) => void) {
  const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath(), {
    roles: ['prompt_index'],
  });
  const trie = new Trie(unpackIndex(await readFile(bundle.file('prompt_index', 'index'))).prompts);
  const mesh = await startMesh({
    services: ['autocomplete', 'prompt-safety'],
    freePorts: true,
    envFor: { autocomplete: PATIENT },
  });
  const client = createClient(AutocompleteService, { address: mesh.address('autocomplete') });
  const safety = createClient(PromptSafetyService, { address: mesh.address('prompt-safety') });
  try {
    const captions = await inTurn(client, grammar);
    log(`${grammar.length} halves of captions: ${rounded(captions)} of next words among five`);
    const others = await inTurn(client, everyday);
    const crawled = await crawl(client, safety, provokingPrefixes(), PREFIXES);
    for (const text of crawled.unsafe) log(`unsafe: ${text}`);
    return {
      nextWordTop5: rounded(captions),
      trieTop5: rounded(trieHits(trie, grammar)),
      everydayTop5: everyday.length ? rounded(others) : null,
      everydayTrieTop5: everyday.length ? rounded(trieHits(trie, everyday)) : null,
      unsafeSuggestions: crawled.unsafe.length,
      crawledPrefixes: crawled.prefixes,
      crawledSuggestions: crawled.suggestions,
      prompts: grammar.length,
      everydayPrompts: everyday.length,
    };
  } finally {
    client.close();
    safety.close();
    await mesh.stop();
  }
}

async function speed(log: (line: string) => void) {
  // Each prefix once: what was judged for the first is remembered for the second.
  const halves = grammarHalves(3 * SCENES);
  const each = Math.floor((halves.length - WARM_UP) / 2);
  const mesh = await startMesh({ freePorts: true });
  const client = createClient(AutocompleteService, { address: mesh.address('autocomplete') });
  try {
    await atRate(client, halves.slice(0, WARM_UP));
    const alone = await atRate(client, halves.slice(WARM_UP, WARM_UP + each));
    const painter = draw(mesh.address('orchestrator'));
    const busy = await atRate(client, halves.slice(WARM_UP + each));
    log(`asked others while ${await painter.stop()} pictures were drawn`);
    return {
      p99Ms: rounded(percentile(alone.times, 0.99)),
      p50Ms: rounded(median(alone.times)),
      nextWordTop5AtRate: rounded(alone.hitRate),
      p99WhileGeneratingMs: rounded(percentile(busy.times, 0.99)),
      p50WhileGeneratingMs: rounded(median(busy.times)),
      failed: alone.failed + busy.failed,
    };
  } finally {
    client.close();
    await mesh.stop();
  }
}

/** Beginnings of prompts that are unsafe; none where the sets are not there. */
const provokingPrefixes = (): string[] =>
  heldOut(DATA)
    .filter(({ unsafe }) => unsafe)
    .slice(0, PREFIXES * PROVOKING_SHARE)
    .map(({ text }) => text.slice(0, Math.floor(text.length / 2)).replace(/\p{Cc}/gu, ' '))
    .filter((text) => text.split(/\s+/).length <= 100);

const isHit = (suggestions: readonly { text: string }[], { prefix, next }: Half): boolean =>
  suggestions.some(({ text }) => firstWord(text.slice(prefix.length)) === next);

/** Share of halves whose next word was among five suggestions, asked one after the other. */
async function inTurn(client: Autocomplete, halves: readonly Half[]): Promise<number> {
  let hits = 0;
  for (const half of halves)
    if (isHit((await client.suggestPrompts({ prefix: half.prefix, limit: 5 })).suggestions, half)) hits++;
  return hits / Math.max(1, halves.length);
}

interface Asked {
  /** Milliseconds of each call. */
  times: number[];
  /** Share of halves whose next word was among the suggestions. */
  hitRate: number;
  failed: number;
}

/** Each half at its time, whether or not the ones before are answered. */
async function atRate(client: Autocomplete, halves: readonly Half[]): Promise<Asked> {
  const times: number[] = [];
  let [hits, failed] = [0, 0];
  const one = async (half: Half): Promise<void> => {
    const began = performance.now();
    const answer = await client.suggestPrompts({ prefix: half.prefix, limit: 5 }).catch(() => undefined);
    times.push(performance.now() - began);
    if (!answer) failed++;
    else if (isHit(answer.suggestions, half)) hits++;
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

/** One picture after the other, drawn for another process until it is told to stop: this one's clock is for keystrokes. */
function draw(address: string): { stop(): Promise<number> } {
  const painter = fork(new URL('./autocomplete/painter.ts', import.meta.url), [address]);
  return {
    async stop() {
      if (painter.exitCode !== null)
        throw new Error('pictures were no longer drawn while keystrokes were timed');
      painter.send('stop');
      const [pictures] = await once(painter, 'message');
      return Number(pictures);
    },
  };
}
