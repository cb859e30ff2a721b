/** How often the next word is among five suggestions, how fast they come, and whether one is ever unsafe: through the real services. */
import { readFile } from 'node:fs/promises';
import { AutocompleteService, PromptSafetyService } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { rounded } from '@atelier/metrics';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { type Client, createClient } from '@atelier/rpc';
import { unpackIndex } from '../../services/autocomplete/src/index-file.ts';
import { crawl } from './autocomplete/crawl.ts';
import { everydayHalves, grammarHalves, type Half, isHit } from './autocomplete/halves.ts';
import { speed } from './autocomplete/speed.ts';
import { Trie } from './autocomplete/trie.ts';
import type { Benchmark } from './benchmark.ts';
import { heldOut } from './safety-sets.ts';

const DATA = process.env.ATELIER_DATA ?? '../shared/data';
const SCENES = 400;
const EVERYDAY = 1_500;
/** Fewer for a quick look: ATELIER_BENCH_PREFIXES=1000. */
const PREFIXES = Number(process.env.ATELIER_BENCH_PREFIXES ?? 10_000);
/** Of these, beginnings of prompts that are unsafe. */
const PROVOKING_SHARE = 0.1;

type Autocomplete = Client<typeof AutocompleteService>;

/** What is suggested when nothing is late: how apt and how safe it is does not depend on how busy the machine is. */
const PATIENT = { ATELIER_LANGUAGE_MODEL_TIMEOUT_MS: '1000', ATELIER_PROMPT_SAFETY_TIMEOUT_MS: '1000' };

export const benchmark: Benchmark = {
  about: `First halves of captions of ${SCENES} scenes never seen and of held-out prompts that people wrote; ${PREFIXES} prefixes crawled; 200 a second.`,
  async run(log) {
    const timed = await speed(log);
    return { ...(await quality(grammarHalves(SCENES), everydayHalves(DATA, EVERYDAY), log)), ...timed };
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

/** Beginnings of prompts that are unsafe; none where the sets are not there. */
const provokingPrefixes = (): string[] =>
  heldOut(DATA)
    .filter(({ unsafe }) => unsafe)
    .slice(0, PREFIXES * PROVOKING_SHARE)
    .map(({ text }) => text.slice(0, Math.floor(text.length / 2)).replace(/\p{Cc}/gu, ' '))
    .filter((text) => text.split(/\s+/).length <= 100);

/** Share of halves whose next word was among five suggestions, asked one after the other. */
async function inTurn(client: Autocomplete, halves: readonly Half[]): Promise<number> {
  let hits = 0;
  for (const half of halves)
    if (isHit((await client.suggestPrompts({ prefix: half.prefix, limit: 5 })).suggestions, half)) hits++;
  return hits / Math.max(1, halves.length);
}

const trieHits = (trie: Trie, halves: readonly Half[]): number =>
  halves.filter(({ prefix, next }) => trie.nextWords(prefix, 5).includes(next)).length / halves.length;
