import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { GenerationState, SafetyCategory, SafetySubject } from '@atelier/contracts';
import { Code, internal, unavailable } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import { describe, expect, test } from 'vitest';
import { finishedOf, PROMPT, useReplicas, watchAll } from './orchestrator.fixture.ts';

const { SUCCEEDED, FAILED, BLOCKED } = GenerationState;

const on = useReplicas();

describe('a prompt', () => {
  test('becomes a picture, stage by stage, followed from the other replica', async () => {
    const id = await on.createdId({ seed: 7, size: 256, negativePrompt: 'people' });
    const messages = await watchAll(on.b.client, id);
    const finished = messages.at(-1);
    if (finished?.event.case !== 'finished') throw new Error('not finished');
    const generation = finished.event.value;
    expect(generation).toMatchObject({ state: SUCCEEDED, seed: 7, steps: 4, guidanceScale: 2.5, attempt: 1 });
    expect(generation.enhancedPrompt?.prompt).toBe('A boat on an ocean, at dawn');
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
    for (const stage of generation.stages) expect(stage.durationMs, stage.name).toBeGreaterThanOrEqual(0);
    expect(generation.modelVersions.map(({ name }) => name)).toEqual([
      'test/enhancement',
      'test/text-encoder',
      'test/denoiser',
      'test/super-resolution',
    ]);
    if (generation.result.case !== 'images') throw new Error('no images');
    const [image] = generation.result.value.images;
    expect(image).toMatchObject({ width: 256, height: 256, seed: 7, verdict: { allowed: true } });
    if (image?.content.case !== 'inline') throw new Error('not inline');
    const { data } = image.content.value;
    expect(BigInt(data.byteLength)).toBe(image.byteSize);
    expect(createHash('sha256').update(data).digest('hex')).toBe(image.sha256);
    expect(Buffer.from(data).includes('A boat on an ocean')).toBe(true);
  });

  test('of one seed gives the same bytes each time, of another other bytes', async () => {
    const shas = [];
    for (const seed of [7, 7, 8]) {
      const { result } = await finishedOf(on.a.client, await on.createdId({ seed }));
      shas.push(result.case === 'images' ? result.value.images[0]?.sha256 : '');
    }
    expect(shas[0]).toBe(shas[1]);
    expect(shas[0]).not.toBe(shas[2]);
  });

  test('may ask for several pictures: seeds count up, over the end of their range', async () => {
    const generation = await finishedOf(on.a.client, await on.createdId({ seed: 0xffffffff, count: 3 }));
    const images = generation.result.case === 'images' ? generation.result.value.images : [];
    expect(images.map(({ seed }) => seed)).toEqual([0xffffffff, 0, 1]);
  });

  test('without enhancement is drawn as it is and judged once', async () => {
    const generation = await finishedOf(on.a.client, await on.createdId({ enhance: false }));
    expect(generation.enhancedPrompt).toBeUndefined();
    expect(generation.stages.filter(({ name }) => name === 'prompt-safety')).toHaveLength(1);
  });

  test('with words that the models never saw says so', async () => {
    const id = await on.createdId({ prompt: 'A zeppelin over a field' });
    expect((await finishedOf(on.a.client, id)).unknownConcepts).toEqual(['zeppelin']);
  });

  test('is not recorded when it is refused', async () => {
    const tenant = 'refused';
    const bad = on.a.client.createGeneration({ prompt: '', tenant });
    await expect(bad).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    expect((await on.a.client.listGenerations({ tenant })).generations).toEqual([]);
  });
});

describe('a verdict', () => {
  const blocked = {
    allowed: false,
    category: SafetyCategory.VIOLENCE,
    score: 0.875,
    threshold: 0.5,
    policyVersion: 'test',
    subject: SafetySubject.PROMPT,
  };

  test('on the prompt blocks before anything is drawn', async () => {
    on.peers.behaviour.judgePrompt = () => blocked;
    const generation = await finishedOf(on.b.client, await on.createdId());
    expect(generation.state).toBe(BLOCKED);
    expect(generation.result).toMatchObject({ case: 'verdict', value: blocked });
    expect(generation.stages.map(({ name }) => name)).toEqual(['queue', 'prompt-safety']);
    expect(on.peers.behaviour.drawn).toBe(0);
  });

  test('on what enhancement made of the prompt blocks and says so', async () => {
    on.peers.behaviour.judgePrompt = (text) => (text.includes('dawn') ? blocked : { allowed: true });
    const { result } = await finishedOf(on.a.client, await on.createdId());
    expect(result.case === 'verdict' && result.value.subject).toBe(SafetySubject.ENHANCED_PROMPT);
  });

  test('on the picture blocks, and no pixel of it leaves', async () => {
    on.peers.behaviour.judgeImage = () => ({ ...blocked, subject: SafetySubject.IMAGE });
    const messages = await watchAll(on.a.client, await on.createdId({ steps: 10, count: 2 }));
    const last = messages.at(-1)?.event;
    expect(last?.case === 'finished' && last.value.state).toBe(BLOCKED);
    expect(messages.filter(({ event }) => event.case === 'preview')).toEqual([]);
  });

  test('on the picture is waited for while it is enlarged, and ends that', async () => {
    const enlarging = Promise.withResolvers<AbortSignal>();
    on.peers.behaviour.beforeUpscale = async (signal) => {
      enlarging.resolve(signal);
      await once(signal, 'abort');
    };
    on.peers.behaviour.judgeImage = async () => {
      await enlarging.promise;
      return { ...blocked, subject: SafetySubject.IMAGE };
    };
    const generation = await finishedOf(on.a.client, await on.createdId({ size: 256 }));
    expect(generation.state).toBe(BLOCKED);
    expect(generation.stages.map(({ name }) => name)).not.toContain('store');
    expect((await enlarging.promise).aborted).toBe(true);
    const stored = await on.a.client.getGeneration({ id: generation.id });
    expect(stored.generation).toEqual(generation);
  });

  test('on the picture comes before whatever became of enlarging it', async () => {
    const failed = Promise.withResolvers<void>();
    on.peers.behaviour.beforeUpscale = () => {
      failed.resolve();
      throw internal('broken');
    };
    on.peers.behaviour.judgeImage = async () => {
      await failed.promise;
      return { ...blocked, subject: SafetySubject.IMAGE };
    };
    const generation = await finishedOf(on.a.client, await on.createdId({ size: 256 }));
    expect(generation).toMatchObject({ state: BLOCKED, attempt: 1 });
  });

  test('lets previews out that pass', async () => {
    const messages = await watchAll(on.a.client, await on.createdId({ steps: 20 }));
    const previews = messages.filter(({ event }) => event.case === 'preview');
    expect(previews.length).toBeGreaterThan(0);
  });

  test('is not asked for of previews that nobody watches for', async () => {
    let judged = 0;
    on.peers.behaviour.judgeImage = () => {
      judged += 1;
      return { allowed: true, policyVersion: 'test' };
    };
    const id = await on.createdId({ steps: 30 });
    for await (const { event } of on.b.client.watchGeneration({ id, previews: false })) {
      expect(event.case).not.toBe('preview');
    }
    expect(judged).toBe(1);
  });

  test('lets previews out to who comes late, at another replica', async () => {
    const late = Promise.withResolvers<void>();
    let begun = 0;
    on.peers.behaviour.beforeStep = async (step) => {
      begun = step;
      if (step === 15) await late.promise;
    };
    const id = await on.createdId({ steps: 30 });
    await eventually('14 steps', () => begun === 15);
    const steps: number[] = [];
    for await (const { event } of on.b.client.watchGeneration({ id })) {
      late.resolve();
      if (event.case === 'preview') steps.push(event.value.step);
    }
    expect(steps).toContain(20);
  });

  test.each([
    [
      'prompt',
      () =>
        (on.peers.behaviour.judgePrompt = () => {
          throw unavailable('down');
        }),
    ],
    [
      'image',
      () =>
        (on.peers.behaviour.judgeImage = () => {
          throw internal('broken');
        }),
    ],
    ['prompt (no verdict)', () => (on.peers.behaviour.judgePrompt = () => undefined as never)],
  ])('that can not be had on the %s fails the generation closed, at once', async (_, breakIt) => {
    breakIt();
    const generation = await finishedOf(on.a.client, await on.createdId());
    expect(generation).toMatchObject({ state: FAILED, attempt: 1, result: { case: 'error' } });
  });
});

describe('a repeated request', () => {
  test('gets the first one’s generation from any replica, and draws once', async () => {
    const fields = { prompt: PROMPT, size: 64, requestId: 'same-1', seed: 1 };
    const answers = await Promise.all(
      [on.a, on.b, on.a, on.b].map(({ client }) => client.createGeneration(fields)),
    );
    const ids = new Set(answers.map(({ generation }) => generation?.id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    await finishedOf(on.a.client, id);
    const again = await on.b.client.createGeneration(fields);
    expect(again.generation).toMatchObject({ id, state: SUCCEEDED });
    expect(on.peers.behaviour.drawn).toBe(1);
  });

  test('with other fields is refused', async () => {
    await on.a.client.createGeneration({ prompt: PROMPT, size: 64, requestId: 'same-2' });
    const other = on.b.client.createGeneration({ prompt: PROMPT, size: 64, requestId: 'same-2', steps: 3 });
    await expect(other).rejects.toMatchObject({ code: Code.ALREADY_EXISTS, reason: 'REQUEST_ID_REUSED' });
  });

  test('of another tenant is another generation', async () => {
    const mine = await on.createdId({ requestId: 'same-3' });
    const theirs = await on.createdId({ requestId: 'same-3', tenant: 'acme' });
    expect(theirs).not.toBe(mine);
  });
});
