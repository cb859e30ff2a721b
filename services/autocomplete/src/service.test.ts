import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutocompleteService, SuggestionSource } from '@atelier/contracts';
import { entryOf, freePort, type ServiceProcess, serviceRow, spawnService } from '@atelier/local-mesh';
import { Code, createClient } from '@atelier/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRole } from './build/bundle-role.ts';
import { packIndex } from './index-file.ts';

const PROMPTS = {
  'a boat on an ocean': 9,
  'a boat on a lake': 5,
  'a dog in a meadow': 7,
  'a woman in a garden': 2,
};

let bundle: string;
let safety: ServiceProcess;
let service: ServiceProcess;
let client: ReturnType<typeof connect>;

const connect = (address: string) => createClient(AutocompleteService, { address });
const texts = async (prefix: string) =>
  (await client.suggestPrompts({ prefix })).suggestions.map(({ text }) => text);

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'atelier-index-'));
  const manifest = { name: 'test', version: '1', licence: 'Apache-2.0', languages: ['en'], roles: {} };
  await writeFile(join(bundle, 'atelier.json'), JSON.stringify(manifest));
  const prompts = Object.entries(PROMPTS).map(([text, popularity]) => ({ text, popularity }));
  await writeRole(bundle, { index: packIndex('en', prompts) }, {});

  const spawn = async (name: 'prompt-safety' | 'autocomplete', env: NodeJS.ProcessEnv) =>
    spawnService({ name, entry: entryOf(serviceRow(name)), address: `127.0.0.1:${await freePort()}`, env });
  safety = await spawn('prompt-safety', {});
  service = await spawn('autocomplete', {
    ATELIER_MODEL_BUNDLE: bundle,
    ATELIER_PROMPT_SAFETY_ADDRESS: safety.address,
    ATELIER_PROMPT_SAFETY_TIMEOUT_MS: '1000',
  });
  await Promise.all([safety.ready(), service.ready()]);
  client = connect(service.address);
}, 60_000);

afterAll(async () => {
  client?.close();
  await Promise.all([safety?.stop(), service?.stop()]);
  await rm(bundle, { recursive: true, force: true });
});

describe('SuggestPrompts', () => {
  it('completes what is typed', async () => {
    const { suggestions } = await client.suggestPrompts({ prefix: 'A bo', limit: 1 });
    expect(suggestions).toMatchObject([{ text: 'A boat on an ocean', source: SuggestionSource.INDEX }]);
    expect(await texts('')).toHaveLength(4);
  });

  it.each([
    [{ prefix: 'word '.repeat(129) }, 'prefix', '128 words'],
    [{ prefix: 'x'.repeat(4097) }, 'prefix', '4,096'],
    [{ prefix: 'a\u0000' }, 'prefix', 'control characters'],
    [{ prefix: 'a', limit: 21 }, 'limit', '1 to 20'],
    [{ prefix: 'a', language: 'tlh' }, 'language', 'known: en'],
  ])('refuses %j naming field and limit', async (request, field, limit) => {
    await expect(client.suggestPrompts(request)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [{ field, description: expect.stringContaining(limit) }],
    });
  });

  it('composes where no prompt begins so, but nothing that prompt-safety blocks, and nothing unasked', async () => {
    expect(await texts('a purple avocado and a dog in ')).toContain('a purple avocado and a dog in a meadow');
    expect(await texts('a naked woman in ')).toEqual([]);
    safety.kill();
    await safety.exited();
    expect(await texts('a green avocado and a dog in ')).toEqual([]);
    expect((await texts('a dog in')).length).toBe(1); // the index needs no asking
  });
});
