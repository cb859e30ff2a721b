import {
  GenerationState,
  ImageFormat,
  SafetyCategory,
  SafetySubject,
  Sampler,
  TimestepSpacing,
} from '@atelier/contracts';
import { connectEvents } from '@atelier/events';
import { Code } from '@atelier/rpc';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { finishedOf, PROMPT, useReplicas } from './orchestrator.fixture.ts';

const on = useReplicas();
const flat = async (background: string, width = 100, height = 50): Promise<Uint8Array> =>
  await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
const red = await flat('#ff0000');
const white = await flat('#ffffff');

test('picture, mask and options reach the drawing, and are told without their bytes', async () => {
  const judged: (number | undefined)[] = [];
  on.peers.behaviour.judgeImage = (image) => {
    judged.push(image?.width);
    return { allowed: true };
  };
  const options = {
    sampler: Sampler.DDIM,
    timestepSpacing: TimestepSpacing.TRAILING,
    eta: 0.5,
    guidanceRescale: 0.25,
    guidanceInterval: { low: 0.5, high: 8 },
    initImage: red,
    strength: 0.5,
    mask: white,
  };
  const {
    options: told,
    state,
    result,
  } = await finishedOf(on.b.client, await on.createdId({ options, count: 2 }));
  expect(state).toBe(GenerationState.SUCCEEDED);
  expect(told).toMatchObject({ sampler: Sampler.DDIM, strength: 0.5, eta: 0.5 });
  expect([told?.initImage.length, told?.mask.length]).toEqual([0, 0]);
  expect(on.peers.behaviour.asked).toHaveLength(2);
  for (const asked of on.peers.behaviour.asked) {
    const { initImage, mask, ...others } = asked;
    expect(others).toMatchObject({
      sampler: Sampler.DDIM,
      timestepSpacing: TimestepSpacing.TRAILING,
      eta: 0.5,
      strength: 0.5,
    });
    expect(others).toMatchObject({ guidanceRescale: 0.25, guidanceInterval: { low: 0.5, high: 8 } });
    expect(initImage).toMatchObject({ width: 100, height: 50, format: ImageFormat.RGB8 });
    expect([...(initImage?.data.subarray(0, 3) ?? [])]).toEqual([255, 0, 0]);
    expect([mask?.width, mask?.data[0]]).toEqual([100, 255]);
  }
  // The one to begin from first, then those that were drawn.
  expect(judged).toEqual([100, 64, 64]);
  const [picture] = result.case === 'images' ? result.value.images : [];
  const png = picture?.content.case === 'inline' ? Buffer.from(picture.content.value.data) : Buffer.alloc(0);
  expect(png.includes('DDIM')).toBe(true);
});

test('the record holds references, the queue neither', async () => {
  const noisy = await sharp(
    Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, at) => (at * 7919) % 251)),
    {
      raw: { width: 300, height: 300, channels: 3 },
    },
  )
    .png()
    .toBuffer();
  const id = await on.createdId({ options: { initImage: noisy } });
  await finishedOf(on.a.client, id);
  const events = await connectEvents({ servers: on.nats.url, name: 'test' });
  try {
    const record = (await events.generations.get(id))?.value;
    expect(record?.request?.options?.initImage).toHaveLength(0);
    expect(record?.initImage).toMatchObject({ uri: expect.stringContaining(`${id}/in/`) });
    const kept = await events.images.get(record?.initImage?.uri ?? '');
    expect((await sharp(kept ?? undefined).metadata()).width).toBe(300);
  } finally {
    await events.close();
  }
});

test('a picture that is objected to blocks before anything is drawn of it', async () => {
  on.peers.behaviour.judgeImage = () => ({
    allowed: false,
    category: SafetyCategory.NUDITY,
    policyVersion: 'test',
    subject: SafetySubject.IMAGE,
  });
  const { state, result } = await finishedOf(
    on.a.client,
    await on.createdId({ options: { initImage: red } }),
  );
  expect(state).toBe(GenerationState.BLOCKED);
  expect(result.case === 'verdict' && result.value.subject).toBe(SafetySubject.INIT_IMAGE);
  expect(on.peers.behaviour.asked).toEqual([]);
});

test('a repeated request is the same with the same picture alone', async () => {
  const fields = { prompt: PROMPT, size: 64, requestId: 'begun-1', options: { initImage: red } };
  const [first, again] = await Promise.all([on.a, on.b].map(({ client }) => client.createGeneration(fields)));
  expect(again?.generation?.id).toBe(first?.generation?.id);
  const other = on.a.client.createGeneration({ ...fields, options: { initImage: white } });
  await expect(other).rejects.toMatchObject({ code: Code.ALREADY_EXISTS, reason: 'REQUEST_ID_REUSED' });
  await finishedOf(on.a.client, first?.generation?.id ?? '');
  expect([...(on.peers.behaviour.asked[0]?.initImage?.data.subarray(0, 3) ?? [])]).toEqual([255, 0, 0]);
});

test('a file that is no picture is refused by field, and nothing is recorded', async () => {
  const tenant = 'no-picture';
  const bad = on.a.client.createGeneration({
    prompt: PROMPT,
    tenant,
    options: { initImage: new Uint8Array(9) },
  });
  await expect(bad).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    violations: [{ field: 'options.init_image' }],
  });
  expect((await on.a.client.listGenerations({ tenant })).generations).toEqual([]);
});
