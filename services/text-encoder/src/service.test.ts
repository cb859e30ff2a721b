import { DataType } from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import { afterAll, expect, test } from 'vitest';
import type { TextEncoder } from './model.ts';
import { loadTinyEncoder, serve } from './service.fixture.ts';

const encoder = await loadTinyEncoder();
const mesh = await serve(encoder);
afterAll(() => mesh.stop());
const encode = async (...texts: string[]) => (await mesh.client.encodeText({ texts })).embeddings;

test('gives states, mask and pooled embedding of each text, in order', async () => {
  const { embeddings, modelVersion } = await mesh.client.encodeText({
    texts: ['a boat on an ocean', ''],
    language: 'en-GB',
  });
  expect(modelVersion).toMatchObject({ name: 'tiny/text_encoder', version: '0.0.1' });
  const [boat, empty] = embeddings;
  // A window of 16 tokens and the tiny model's one attribute state.
  expect(boat?.tokens).toMatchObject({ dtype: DataType.FLOAT32, shape: [17, 8] });
  expect(boat?.mask).toMatchObject({ dtype: DataType.INT64, shape: [17] });
  expect(boat?.pooled).toMatchObject({ dtype: DataType.FLOAT32, shape: [8] });
  const mask = new BigInt64Array(new Uint8Array(boat?.mask?.data ?? []).buffer);
  expect(mask.filter((one) => one === 1n).length).toBe((boat?.tokenCount ?? 0) + 1);
  expect(boat?.tokenCount).toBe(7);
  expect(empty?.tokenCount).toBe(2);
  expect(empty?.pooled?.data).not.toEqual(boat?.pooled?.data);
});

test('128 words are read to the end, in windows; a 129th is refused by name', async () => {
  const [long, other] = await encode('boat '.repeat(128), `${'boat '.repeat(127)} moon`);
  expect(long?.tokens?.shape).toEqual([10 * 17, 8]);
  expect(long?.tokenCount).toBe(128 + 10 * 2);
  expect(other?.tokens?.data).not.toEqual(long?.tokens?.data);
  await expect(encode('a boat', 'boat '.repeat(129))).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    violations: [{ field: 'texts[1]', description: expect.stringContaining('128 words') }],
  });
});

test.each([
  ['no text', { texts: [] }, 'texts'],
  ['17 texts', { texts: new Array<string>(17).fill('boat') }, 'texts'],
  ['a control character', { texts: ['bo\u0000at'] }, 'texts[0]'],
  ['a language it does not read', { texts: ['Boot'], language: 'de' }, 'language'],
  ['a malformed language', { texts: ['boat'], language: '??' }, 'language'],
])('refuses %s by field', async (_what, bad, field) => {
  await expect(mesh.client.encodeText(bad)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    violations: expect.arrayContaining([expect.objectContaining({ field })]),
  });
});

test('names the words it never saw', async () => {
  const [embedding] = await encode('two boats and a zebra under the moon');
  expect(embedding?.unknownConcepts).toEqual(['zebra']);
});

test('the same text gives the same bytes, alone, in company and from the cache', async () => {
  const texts = ['a red house', 'a boat', 'a green hill', 'stars above a lake'];
  const [alone] = await encode('a boat');
  const company = await Promise.all(texts.map((text) => encode(text, 'a boat')));
  for (const [, boat] of company) expect(boat).toEqual(alone);
});

test('a text in the cache is not computed again, and one computation serves all who wait', async () => {
  let computed = 0;
  const counting: TextEncoder = {
    ...(await loadTinyEncoder()),
    encode(text, signal) {
      computed++;
      return encoder.encode(text, signal);
    },
  };
  const counted = await serve(counting);
  await counted.client.encodeText({ texts: ['a boat', 'a boat', 'a lake'] });
  await counted.client.encodeText({ texts: ['a lake'] });
  expect(computed).toBe(2);
  await counted.stop();
});

test('windows share runs when allowed', async () => {
  const batching = await loadTinyEncoder({ maxBatch: 8, maxDelayMs: 5 });
  const [together, alone] = await Promise.all([batching.encode('a boat'), encoder.encode('a boat')]);
  await batching.encode('boat '.repeat(60));
  expect(together).toEqual(alone);
  await batching.close();
});

test('a model that is gone is unavailable, not a crash', async () => {
  const gone = await loadTinyEncoder();
  const served = await serve(gone);
  await gone.close();
  await expect(served.client.encodeText({ texts: ['a boat'] })).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    reason: 'SESSION_CLOSED',
  });
  await served.stop();
});
