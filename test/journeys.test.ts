import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Atelier, createAtelier, type WatchEvent } from '@atelier/client';
import { type Generation, GenerationState, SafetyCategory } from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LoggedMesh, startAll } from './mesh.ts';
import { callWithBytes } from './raw-call.ts';
import { describeTrace } from './trace-graph.ts';

const { SUCCEEDED, BLOCKED, CANCELLED, FAILED } = GenerationState;
const CREATE = 'atelier.generation.v1.GenerationService/CreateGeneration';

// Other programs may have the cores: a denoising step then takes a second.
vi.setConfig({ testTimeout: 120_000 });
const PATIENCE_MS = 60_000;

let mesh: LoggedMesh;
let atelier: Atelier;

beforeAll(async () => {
  mesh = await startAll();
  atelier = createAtelier({
    address: mesh.address('orchestrator'),
    autocompleteAddress: mesh.address('autocomplete'),
  });
}, 180_000);
afterAll(async () => {
  atelier?.close();
  await mesh?.stop();
});

/** A small and quick request. */
const quick = { prompt: 'A boat on an ocean', size: 64, steps: 4, seed: 7, tenant: 'journeys' };

function pngsOf(generation: Generation): Uint8Array[] {
  if (generation.result.case !== 'images')
    throw new Error(`no images: ${JSON.stringify(generation.result.value)}`);
  return generation.result.value.images.map(({ content }) => {
    if (content.case !== 'inline') throw new Error('not inline');
    return content.value.data;
  });
}

const sha = (generation: Generation): string[] =>
  pngsOf(generation).map((png) => createHash('sha256').update(png).digest('hex'));

describe('from prompt to picture', () => {
  test('1024×1024, with what it takes to draw it again inside', async () => {
    const generation = await atelier.generate({ ...quick, size: 1_024, negativePrompt: 'people' });
    const [png = new Uint8Array()] = pngsOf(generation);
    const { width, height, format, comments = [] } = await sharp(png).metadata();
    expect({ width, height, format }).toEqual({ width: 1_024, height: 1_024, format: 'png' });
    const text = Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text]));
    expect(text).toMatchObject({
      Prompt: 'A boat on an ocean',
      'Negative prompt': 'people',
      Seed: '7',
      Steps: '4',
    });
    expect(text.Models).toContain('denoiser');
    expect(generation.stages.map(({ name }) => name)).toEqual([
      'queue',
      'prompt-safety',
      'prompt-enhancement',
      'prompt-safety',
      'text-encoder',
      'diffusion',
      'harm-detection',
      'super-resolution',
      'store',
    ]);
  });

  test('the same seed gives the same bytes, alone or beside others; another seed another picture', async () => {
    const other = { ...quick, seed: 8 };
    const alone = await atelier.generate(quick);
    const [beside, another] = await Promise.all([atelier.generate(quick), atelier.generate(other)]);
    expect(sha(beside)).toEqual(sha(alone));
    expect(sha(another)).not.toEqual(sha(alone));
  });

  test('several pictures have the seeds from the first one on', async () => {
    // The first seed also chooses what enhancement adds, which is another matter.
    const plain = { ...quick, enhance: false };
    const [first, second] = sha(await atelier.generate({ ...plain, count: 2 }));
    expect(first).not.toBe(second);
    expect(sha(await atelier.generate({ ...plain, seed: 8 }))).toEqual([second]);
  });

  test('a negative prompt changes the picture', async () => {
    const plain = await atelier.generate({ ...quick, guidanceScale: 5 });
    const without = await atelier.generate({ ...quick, guidanceScale: 5, negativePrompt: 'a red boat' });
    expect(sha(without)).not.toEqual(sha(plain));
  });

  test('a dialect of the language is served by the language', async () => {
    expect((await atelier.generate({ ...quick, language: 'en-GB' })).state).toBe(SUCCEEDED);
  });
});

test('a blocked prompt ends with category, score, threshold and policy, and draws nothing', async () => {
  const generation = await atelier.generate({
    ...quick,
    prompt: 'A man murders a woman with a knife, blood',
  });
  expect(generation.state).toBe(BLOCKED);
  if (generation.result.case !== 'verdict') throw new Error('no verdict');
  const verdict = generation.result.value;
  expect(verdict.category).toBe(SafetyCategory.VIOLENCE);
  expect(verdict.score).toBeGreaterThanOrEqual(verdict.threshold);
  expect(verdict.policyVersion).not.toBe('');
  expect(generation.stages.map(({ name }) => name)).toEqual(['queue', 'prompt-safety']);
});

test('cancel stops the sampler at once and leaves room for the next', async () => {
  // So many that they outlast the next picture, and so few that a machine with other work on it promises them within their deadline.
  const steps = 400;
  const { id } = await atelier.createGeneration({ ...quick, steps });
  const begun = async () => {
    const { state, progress, result } = await atelier.getGeneration(id);
    if (state === FAILED) throw new Error('failed', { cause: result.value });
    return (progress?.step ?? 0) > 2;
  };
  await eventually('denoising', begun, PATIENCE_MS);
  expect((await atelier.cancelGeneration(id)).state).toBe(CANCELLED);
  expect((await atelier.generate(quick)).state).toBe(SUCCEEDED);
  const { state, progress } = await atelier.getGeneration(id);
  expect(state).toBe(CANCELLED);
  expect(progress?.step ?? 0).toBeLessThan(steps / 2);
});

test('a repeated request is one generation; with other fields it is refused', async () => {
  const request = { ...quick, requestId: 'journey-1' };
  const [first, again] = await Promise.all([
    atelier.createGeneration(request),
    atelier.createGeneration(request),
  ]);
  expect(again.id).toBe(first.id);
  const other = atelier.createGeneration({ ...request, seed: 9 });
  await expect(other).rejects.toMatchObject({ code: Code.ALREADY_EXISTS });
});

async function toTheEnd(watch: AsyncIterable<WatchEvent>): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watch) events.push(event);
  return events;
}

test('a watch that breaks goes on where it broke', async () => {
  const { id } = await atelier.createGeneration({ ...quick, steps: 12 });
  const before: WatchEvent[] = [];
  const breaking = new AbortController();
  let last = 1n;
  try {
    for await (const event of atelier.watch(id, { signal: breaking.signal, afterSequence: last })) {
      before.push(event);
      last = event.sequence;
      if (event.case === 'progress') breaking.abort();
    }
  } catch (error) {
    expect(error).toMatchObject({ code: Code.CANCELLED });
  }
  const behind = await toTheEnd(atelier.watch(id, { afterSequence: last }));
  expect(behind.at(-1)).toMatchObject({ case: 'finished', value: { state: SUCCEEDED } });
  const all = await toTheEnd(atelier.watch(id, { afterSequence: 1n }));
  const steps = (events: readonly WatchEvent[]): number[] =>
    events.flatMap((event) => (event.case === 'progress' ? [event.value.step] : []));
  expect(steps([...before, ...behind])).toEqual(steps(all));
  expect(steps(all)[0]).toBe(1);
  expect(steps(all).at(-1)).toBe(12);
});

describe('bad input', () => {
  const tenant = 'bad-input';
  const words = (count: number) => Array.from({ length: count }, () => 'boat').join(' ');

  test.each<[string, string, object]>([
    ['an empty prompt', 'prompt', { prompt: '' }],
    ['129 words', 'prompt', { prompt: words(129) }],
    ['control characters', 'prompt', { prompt: 'a \u0000boat' }],
    ['0 steps', 'steps', { steps: 0 }],
    ['10,001 steps', 'steps', { steps: 10_001 }],
    ['NaN guidance', 'guidance_scale', { guidanceScale: Number.NaN }],
    ['9 images', 'count', { count: 9 }],
    ['a size that is none', 'size', { size: 1_023 }],
    ['an unknown language', 'language', { language: 'tlh' }],
  ])('%s is refused, naming %s', async (_, field, fields) => {
    const refused = atelier.createGeneration({ ...quick, tenant, ...fields });
    await expect(refused).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [{ field, description: expect.stringMatching(/\d|know/) }],
    });
  });

  test('invalid UTF-8 is refused, naming the field', async () => {
    // Field 2, prompt, with two bytes that no UTF-8 text has.
    const bytes = Buffer.from([0x12, 2, 0xff, 0xfe]);
    const error = await callWithBytes(mesh.address('orchestrator'), CREATE, bytes);
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, details: expect.stringContaining('prompt') });
  });

  test('a message of 100 MB is refused without being read', async () => {
    const head = Buffer.from([0x12, ...varint(100_000_000)]);
    const bytes = Buffer.concat([head, Buffer.alloc(100_000_000, 'a')]);
    const error = await callWithBytes(mesh.address('orchestrator'), CREATE, bytes);
    expect(error?.code).toBe(Code.RESOURCE_EXHAUSTED);
  });

  test('nothing of it was recorded, and the mesh is well', async () => {
    expect((await atelier.listGenerations({ tenant })).generations).toEqual([]);
    expect((await atelier.generate(quick)).state).toBe(SUCCEEDED);
  });
});

test('what people write is in no log and in no span', async () => {
  const secrets = ['Zanzibar', 'Quetzalcoatl'];
  const [prompt = '', negativePrompt = ''] = secrets.map((word) => `A boat near ${word}`);
  expect((await atelier.generate({ ...quick, prompt, negativePrompt })).state).toBe(SUCCEEDED);
  await atelier.suggest(prompt);
  await expect(atelier.createGeneration({ ...quick, prompt: `${prompt} \u0007` })).rejects.toThrow();
  const blocked = await atelier.generate({ ...quick, prompt: `Murder near ${secrets[0]}, blood and gore` });
  expect(blocked.state).toBe(BLOCKED);
  // Spans are written in batches of 100 ms.
  await sleep(500);
  const written = `${mesh.log.join('\n')}\n${readFileSync(mesh.traceFile, 'utf8')}`;
  expect(written).toContain(blocked.id);
  for (const secret of secrets) expect(written.toLowerCase()).not.toContain(secret.toLowerCase());
});

describeTrace(() => mesh);

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
