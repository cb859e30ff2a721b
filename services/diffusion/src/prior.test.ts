import { readFile } from 'node:fs/promises';
import { createSession, floatOutput, tensor } from '@atelier/inference';
import { defaultBundlePath, loadTokenizer, openBundle } from '@atelier/models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conditioning } from './conditioning.ts';
import { loadPrior, type Prior } from './prior.ts';

/** The starter's attribute keys, in the order of its conditioning's states. */
let keys: string[];
let prior: Prior;
let read: (text: string) => Promise<Conditioning>;
let close: () => Promise<void>;

beforeAll(async () => {
  const bundle = await openBundle(defaultBundlePath(), { roles: ['prior', 'text_encoder'] });
  const manifest = JSON.parse(await readFile(`${defaultBundlePath()}/atelier.json`, 'utf8'));
  keys = Object.keys(manifest.roles.text_encoder.config.attributes);
  prior = (await loadPrior(bundle, { threads: 1 })) as Prior;
  const tokenizer = await loadTokenizer(bundle.file('text_encoder', 'tokenizer'));
  const encoder = await createSession(bundle.file('text_encoder'), { name: 'text_encoder' });
  read = async (text) => {
    const ids = BigInt64Array.from(tokenizer.encode(text), BigInt);
    const outputs = await encoder.run({
      input_ids: tensor('int64', [1, ids.length], ids),
      attention_mask: tensor('int64', [1, ids.length], new BigInt64Array(ids.length).fill(1n)),
    });
    const states = floatOutput(outputs, 'hidden_states');
    const pooled = floatOutput(outputs, 'pooled');
    const count = states.dims[1] as number;
    return {
      states: tensor('float32', [count, states.dims[2] as number], states.data),
      mask: tensor('int64', [count], new BigInt64Array(count).fill(1n)),
      pooled: tensor('float32', [pooled.data.length], pooled.data),
    };
  };
  close = async () => void (await Promise.all([prior.close(), encoder.close()]));
});
afterAll(() => close());

const row = ({ states }: Conditioning, key: string): Float32Array => {
  const dim = states.dims[1] as number;
  return states.data.subarray(keys.indexOf(key) * dim, (keys.indexOf(key) + 1) * dim);
};
/** Cosine between two conditionings' states of a key: 1 when both say the same of it. */
function alike(one: Conditioning, other: Conditioning, key: string): number {
  const [a, b] = [row(one, key), row(other, key)];
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + v * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('keeps what the prompt states, and draws the rest by the seed', async () => {
  const prompt = await read('A smiling old man with glasses');
  const first = await prior.complete(prompt, undefined, 1);
  for (const key of ['domain', 'age', 'gender', 'expression'])
    expect(alike(prompt, first, key), key).toBeGreaterThan(0.95);
  expect(alike(prompt, first, 'background')).toBeLessThan(0.5);
  expect(await prior.complete(prompt, undefined, 1)).toEqual(first);
  const skins = await Promise.all([2, 3, 4, 5, 6, 7].map((seed) => prior.complete(prompt, undefined, seed)));
  expect(Math.min(...skins.map((other) => alike(first, other, 'skin')))).toBeLessThan(0.5);
});

test('draws nothing that the negative prompt states', async () => {
  const [prompt, negative] = [
    await read('A portrait of a woman'),
    await read('wearing a hat, a cap, glasses'),
  ];
  const without = await read('A portrait of a woman without a hat');
  for (let seed = 0; seed < 12; seed++) {
    const complete = await prior.complete(prompt, negative, seed);
    expect(alike(complete, negative, 'glasses')).toBeLessThan(0.5);
  }
  expect(without.states.dims).toEqual(prompt.states.dims);
});

test('what another encoder says passes as it is', async () => {
  const prompt = await read('A boat');
  const [count = 0, dim = 0] = prompt.states.dims;
  const short: Conditioning = {
    ...prompt,
    states: tensor('float32', [count - 1, dim], prompt.states.data.slice(dim)),
  };
  expect(await prior.complete(short, undefined, 1)).toBe(short);
});
