import { AdditionKind, PromptEnhancementService } from '@atelier/contracts';
import { entryOf, freePort, type ServiceProcess, serviceRow, spawnService } from '@atelier/local-mesh';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { Code, createClient } from '@atelier/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_VERSION } from './service.ts';

let service: ServiceProcess;
let client: ReturnType<typeof connect>;
const connect = (address: string) => createClient(PromptEnhancementService, { address });

beforeAll(async () => {
  service = spawnService({
    name: 'prompt-enhancement',
    entry: entryOf(serviceRow('prompt-enhancement')),
    address: `127.0.0.1:${await freePort()}`,
    env: { ATELIER_MODEL_BUNDLE: tinyBundlePath },
  });
  await service.ready();
  client = connect(service.address);
}, 60_000);

afterAll(async () => {
  client?.close();
  await service?.stop();
});

describe('EnhancePrompt', () => {
  it('says what it added, where, and by which rules; the same for the same seed', async () => {
    const request = { prompt: 'A boat 🚣', seed: 7, style: 'poster' };
    const response = await client.enhancePrompt(request);
    expect(response.prompt.startsWith('A boat 🚣 ')).toBe(true);
    expect(response.modelVersion).toMatchObject({ name: 'prompt-enhancement/rules', version: RULES_VERSION });
    for (const { text, offset } of response.additions)
      expect([...response.prompt].slice(offset, offset + [...text].length).join('')).toBe(text);
    expect(response.additions.at(-1)).toMatchObject({ kind: AdditionKind.STYLE, text: 'poster' });
    expect(await client.enhancePrompt(request)).toEqual(response);
  });

  it.each([
    [{ prompt: '' }, 'prompt', 'at least 1 word'],
    [{ prompt: 'word '.repeat(129) }, 'prompt', '128 words'],
    [{ prompt: 'a\u0007' }, 'prompt', 'control characters'],
    [{ prompt: 'a', style: 'toString' }, 'style', 'known: flat-illustration'],
    [{ prompt: 'a', language: 'de' }, 'language', 'known: en'],
  ])('refuses %j naming field and limit', async (request, field, limit) => {
    await expect(client.enhancePrompt(request)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [{ field, description: expect.stringContaining(limit) }],
    });
  });
});
