import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRole } from './build/bundle-role.ts';
import { packIndex } from './index-file.ts';
import { type Completion, loadCompletion } from './model.ts';

const LANGUAGE_MODEL = fileURLToPath(new URL('../fixtures/language_model', import.meta.url));
const PROMPTS = { 'a dog in the meadow': 8, 'a horse in the meadow': 1, 'a boat on an ocean': 4 };
const OPTIONS = {
  judge: () => async (texts: readonly string[]) => texts.map(() => true),
  modelTimeoutMs: 5_000,
  session: { threads: 1 },
};

let bundle: string;

/** A bundle with an index, and with the language model when that is wanted. */
async function writeBundle(withModel: boolean): Promise<void> {
  const roles: Record<string, unknown> = {};
  if (withModel) {
    await cp(LANGUAGE_MODEL, join(bundle, 'language_model'), { recursive: true });
    const files: Record<string, unknown> = {};
    for (const [key, path] of Object.entries({
      model: 'language_model/model.onnx',
      tokenizer: 'language_model/tokenizer.json',
    })) {
      const bytes = await readFile(join(bundle, path));
      files[key] = { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    }
    roles.language_model = { files, config: { context: 16, bos: '[BOS]' } };
  }
  const manifest = { name: 'test', version: '1', licence: 'Apache-2.0', languages: ['en'], roles };
  await writeFile(join(bundle, 'atelier.json'), JSON.stringify(manifest));
  const prompts = Object.entries(PROMPTS).map(([text, popularity]) => ({ text, popularity }));
  await writeRole(bundle, { index: packIndex('en', prompts) }, {});
}

async function firstAfter(prefix: string): Promise<{ text: string | undefined; completion: Completion }> {
  const completion = await loadCompletion(bundle, OPTIONS);
  const [first] = (await completion.suggesters.get('en')?.suggest(prefix, 3)) ?? [];
  await completion.close();
  return { text: first?.text, completion };
}

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'atelier-completion-'));
});
afterAll(async () => await rm(bundle, { recursive: true }));

describe('loadCompletion', () => {
  it('lets the bundle’s language model rank what the n-gram model proposes', async () => {
    const unseen = 'an avocado and a ';
    await writeBundle(false);
    expect((await firstAfter(unseen)).text).toBe('an avocado and a dog in the meadow');
    await writeBundle(true);
    const { text, completion } = await firstAfter(unseen);
    expect(completion.neural).toBe(true);
    expect(text).toBe('an avocado and a horse in the meadow');
  });

  it('names a damaged file', async () => {
    await writeBundle(false);
    await writeFile(join(bundle, 'prompt_index/index.en.gz'), 'x');
    await expect(loadCompletion(bundle, OPTIONS)).rejects.toThrow(/index\.en\.gz/);
  });
});
