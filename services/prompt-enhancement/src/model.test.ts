import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PromptEnhancementService } from '@atelier/contracts';
import { entryOf, freePort, type ServiceProcess, serviceRow, spawnService } from '@atelier/local-mesh';
import { createClient } from '@atelier/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Enhancer, loadEnhancer } from './model.ts';
import { RULES_VERSION } from './service.ts';

const ENHANCER = fileURLToPath(new URL('../fixtures/enhancer', import.meta.url));
const patience = () => AbortSignal.timeout(60_000);

let bundle: string;

async function writeBundle(config: Record<string, unknown>): Promise<void> {
  const files: Record<string, unknown> = {};
  for (const [key, path] of Object.entries({
    model: 'enhancer/model.onnx',
    tokenizer: 'enhancer/tokenizer.json',
  })) {
    const bytes = await readFile(join(bundle, path));
    files[key] = { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const roles = {
    enhancer: { files, config: { context: 64, bos: '[BOS]', eos: '[SEP]', separator: '[SEP]', ...config } },
  };
  const manifest = { name: 'test', version: '1', licence: 'Apache-2.0', languages: ['en'], roles };
  await writeFile(join(bundle, 'atelier.json'), JSON.stringify(manifest));
}

async function withEnhancer<T>(use: (enhancer: Enhancer) => Promise<T>): Promise<T> {
  const enhancer = (await loadEnhancer(bundle, { threads: 1 })) as Enhancer;
  try {
    return await use(enhancer);
  } finally {
    await enhancer.close();
  }
}

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'atelier-enhancer-'));
  await cp(ENHANCER, join(bundle, 'enhancer'), { recursive: true });
  await writeBundle({});
});
afterAll(async () => await rm(bundle, { recursive: true }));

describe('loadEnhancer', () => {
  it('proposes by the seed, and alike for whoever is shown', async () => {
    await withEnhancer(async (enhancer) => {
      const all = await Promise.all(
        [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => enhancer.propose('a boat', seed, patience())),
      );
      expect(new Set(all.map((phrases) => phrases.join('; ')))).toEqual(
        new Set(['on a lake; at dusk', 'at dusk']),
      );
      expect(await enhancer.propose('a boat', 3, patience())).toEqual(all[3]);
      for (const person of ['an old woman', 'a black man', 'a girl'])
        expect(await enhancer.propose(`a portrait of ${person}`, 3, patience())).toEqual(
          await enhancer.propose('a portrait of a person', 3, patience()),
        );
    });
  });

  it('has nothing to say when there is no room or no time', async () => {
    await withEnhancer(async (enhancer) => {
      expect(await enhancer.propose('boat '.repeat(40), 0, patience())).toEqual([]);
      expect(await enhancer.propose('a boat', 0, AbortSignal.abort())).toEqual([]);
    });
  });

  it('leaves a bundle without the role to the rules', async () => {
    const manifest = { name: 'test', version: '1', licence: 'Apache-2.0', languages: ['en'], roles: {} };
    const empty = await mkdtemp(join(tmpdir(), 'atelier-empty-'));
    await writeFile(join(empty, 'atelier.json'), JSON.stringify(manifest));
    expect(await loadEnhancer(empty, { threads: 1 })).toBeUndefined();
    await rm(empty, { recursive: true });
  });
});

describe('EnhancePrompt with a model', () => {
  let service: ServiceProcess;
  let client: ReturnType<typeof connect>;
  const connect = (address: string) => createClient(PromptEnhancementService, { address });

  beforeAll(async () => {
    service = spawnService({
      name: 'prompt-enhancement',
      entry: entryOf(serviceRow('prompt-enhancement')),
      address: `127.0.0.1:${await freePort()}`,
      env: { ATELIER_MODEL_BUNDLE: bundle },
    });
    await service.ready();
    client = connect(service.address);
  }, 60_000);
  afterAll(async () => {
    client?.close();
    await service?.stop();
  });

  it('uses what the model proposes, and the rules where that contradicts the prompt', async () => {
    const modelled = await client.enhancePrompt({ prompt: 'a boat', seed: 1, style: 'poster' });
    expect(modelled.prompt).toMatch(/^a boat (on a lake )?at dusk, poster$/);
    expect(modelled.modelVersion?.name).toBe('test/enhancer');
    const ruled = await client.enhancePrompt({ prompt: 'a boat on the sea in the morning', seed: 1 });
    expect(ruled.prompt).not.toMatch(/lake|dusk/);
    expect(ruled.modelVersion).toMatchObject({ name: 'prompt-enhancement/rules', version: RULES_VERSION });
  });

  it('shows in the provenance who was drawn, and treats people alike', async () => {
    const added = async (prompt: string) => {
      const { additions } = await client.enhancePrompt({ prompt, seed: 5 });
      return additions.map(({ kind, text }) => ({ kind, text }));
    };
    const doctor = await added('a portrait of a doctor');
    expect(doctor[0]?.text).toMatch(
      /^an? (young|middle-aged|elderly) (woman|man) with (light|olive|dark) skin$/,
    );
    const stated = await added('a portrait of a young black woman');
    for (const person of ['old white man', 'young Asian woman', 'dark-skinned girl'])
      expect(
        (await added(`a portrait of a ${person}`)).filter(({ text }) => !/skin|woman/.test(text)),
        person,
      ).toEqual(stated);
  });
});
