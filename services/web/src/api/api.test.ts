/** The interface of the page, every answer held against /openapi.json. */
import { create, FeedbackEventSchema, Rating } from '@atelier/contracts';
import { connectEvents, feedbackEvents } from '@atelier/events';
import { internal, resourceExhausted } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { blocked } from '../mesh.fixture.ts';
import { useWeb } from '../web.fixture.ts';
import type { GenerationJson, GenerationPageJson, ProblemJson } from './schemas.ts';

const on = useWeb();
const initial = { beforeCreate: () => {} };
afterEach(() => void Object.assign(on.mesh.behaviour, initial));

const ask = async (body: object, headers = {}) => {
  const { status, body: answer } = await on.call('POST', '/api/generations', { body, headers });
  return { status, generation: answer as GenerationJson, error: (answer as { error?: ProblemJson }).error };
};

/** The events of a watch as [name, data, id]. */
async function watched(id: string, headers = {}): Promise<[string, Record<string, unknown>, string][]> {
  const text = await (await fetch(`${on.url}/api/generations/${id}/events`, { headers })).text();
  return text
    .split('\n\n')
    .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s))))
    .filter(({ event }) => event)
    .map(({ event, data, id }) => [event, JSON.parse(data), id]);
}

describe('generations', () => {
  it('are created with what was asked for, on behalf of the browser, private without consent', async () => {
    const { status, generation } = await ask({
      prompt: 'A boat',
      seed: 7,
      count: 2,
      size: 64,
      enhance: false,
    });
    expect(status).toBe(202);
    expect(generation).toMatchObject({ state: 'running', prompt: 'A boat', seed: 7, images: [] });
    expect(on.mesh.behaviour.created.at(-1)).toMatchObject({
      count: 2,
      size: 64,
      enhance: false,
      private: true,
    });
    expect(on.mesh.behaviour.created.at(-1)?.tenant).toMatch(/^web-[0-9a-f]{32}$/);
    await ask({ prompt: 'A boat', learn: true });
    expect(on.mesh.behaviour.created.at(-1)).toMatchObject({ private: false });
  });

  it('are watched to the end; what a resumed watch has seen is not repeated', async () => {
    const { generation } = await ask({ prompt: 'A boat', size: 64 });
    const all = await watched(generation.id);
    expect(all.map(([name]) => name)).toEqual(['snapshot', ...Array(4).fill('progress'), 'finished']);
    expect(all.at(-1)?.[1]).toMatchObject({ state: 'succeeded', images: [{ index: 0, width: 64, seed: 1 }] });
    const again = await ask({ prompt: 'A boat', size: 64 });
    const rest = await watched(again.generation.id, { 'last-event-id': '2' });
    expect(on.mesh.behaviour.resumedAfter.at(-1)).toBe(2n);
    expect(rest.map(([, , id]) => id)).toEqual(['2', '3', '4', '9']);
  });

  it('have pictures as PNG and WebP, small ones too', async () => {
    const { generation } = await ask({ prompt: 'A boat', size: 256, count: 2 });
    await watched(generation.id);
    const file = async (name: string, query = '') => {
      const path = '/api/generations/{id}/images/{file}';
      const { body, headers } = await on.call('GET', path, {
        params: { id: generation.id, file: name },
        query,
      });
      const { format, width } = await sharp(body as Uint8Array).metadata();
      return { format, width, type: headers.get('content-type'), named: headers.get('content-disposition') };
    };
    expect(await file('1.png')).toMatchObject({ format: 'png', width: 256, type: 'image/png', named: null });
    expect(await file('0.webp', '?width=64')).toMatchObject({ format: 'webp', width: 64 });
    expect((await file('0.png', '?download=1')).named).toContain('attachment');
  });

  it('are varied and inpainted from a picture drawn before', async () => {
    const { generation } = await ask({ prompt: 'A boat', size: 64 });
    await watched(generation.id);
    const mask = Buffer.from('mask').toString('base64');
    await ask({ prompt: 'A boat', from: { generationId: generation.id }, strength: 0.5, mask });
    const { options } = on.mesh.behaviour.created.at(-1) ?? {};
    expect(
      Buffer.from(options?.initImage ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(Buffer.from(options?.mask ?? []).toString()).toBe('mask');
    expect(options?.strength).toBeCloseTo(0.5);
  });

  it('are listed to whom they belong and to nobody else', async () => {
    const mine = (await ask({ prompt: 'Mine' }, { authorization: 'Bearer my-key' })).generation;
    const list = async (headers: Record<string, string>) =>
      ((await on.call('GET', '/api/generations', { headers })).body as GenerationPageJson).generations.map(
        ({ id }) => id,
      );
    expect(await list({ authorization: 'Bearer my-key' })).toEqual([mine.id]);
    expect(await list({ authorization: 'Bearer another' })).toEqual([]);
    expect(await list({})).not.toContain(mine.id);
  });

  it('are cancelled', async () => {
    const { generation } = await ask({ prompt: 'A boat' });
    const { body } = await on.call('POST', '/api/generations/{id}/cancel', { params: { id: generation.id } });
    expect(body).toMatchObject({ state: 'cancelled' });
  });

  it('that are blocked say why, kindly', async () => {
    on.mesh.behaviour.result = blocked;
    const { generation } = await ask({ prompt: 'A bad thing' });
    const verdict = (await watched(generation.id)).at(-1)?.[1].blocked;
    expect(verdict).toMatchObject({ category: 'violence', subject: 'prompt', spans: [{ start: 2, end: 6 }] });
    expect((verdict as { message: string }).message).toMatch(/seems to be about violence/);
  });
});

describe('errors in plain words', () => {
  it('for a busy mesh, with the time to wait', async () => {
    on.mesh.behaviour.beforeCreate = () => {
      throw resourceExhausted('100 generations wait already', 5_000, 'QUEUE_FULL');
    };
    const { status, headers, body } = await on.call('POST', '/api/generations', {
      body: { prompt: 'A boat' },
    });
    expect([status, headers.get('retry-after')]).toEqual([429, '5']);
    expect((body as { error: ProblemJson }).error.message).toBe(
      'Many pictures are being drawn right now. Please try again in 5 seconds.',
    );
  });

  it('for a fault, without what is none of the caller’s business', async () => {
    on.mesh.behaviour.beforeCreate = () => {
      throw internal('secret detail');
    };
    const { status, error } = await ask({ prompt: 'A boat' });
    expect(status).toBe(500);
    expect(error?.message).toBe('Something went wrong on our side. Please try again.');
  });

  it('for every field that is wrong', async () => {
    const { status, error } = await ask({ prompt: 'A boat', count: 9, colour: 'red' });
    expect(status).toBe(400);
    expect(error?.fields).toEqual([
      { field: 'count', message: 'The number of pictures must be at most 8.' },
      { field: 'colour', message: '“colour” is unknown here.' },
    ]);
  });
});

it('completes and enhances prompts', async () => {
  const suggested = await on.call('POST', '/api/suggestions', { body: { prefix: '', limit: 2 } });
  expect(suggested.body).toEqual({ suggestions: ['A dog', 'A door'] });
  const enhanced = await on.call('POST', '/api/enhancements', { body: { prompt: 'A boat', seed: 3 } });
  expect(enhanced.body).toEqual({
    prompt: 'A boat, at dawn',
    additions: [{ kind: 'light', text: 'at dawn', offset: 8 }],
  });
  const { status, body } = await on.call('POST', '/api/enhancements', {
    body: { prompt: 'A', style: 'nouveau' },
  });
  expect(status).toBe(400);
  expect((body as { error: ProblemJson }).error.message).toBe('The style is unknown; known: poster.');
});

it('takes in what people do as events, from browsers with the user’s pseudonym', async () => {
  const events = await connectEvents({ servers: on.nats.url, name: 'test' });
  const stop = new AbortController();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { message } of events.readStream(feedbackEvents, feedbackEvents.filter, {
      signal: stop.signal,
    })) {
      const { interaction } = create(FeedbackEventSchema, message);
      if (interaction?.interactionId === 'i1' && interaction.kind.case === 'rated')
        seen.push(`${interaction.userId.slice(0, 4)} ${interaction.kind.value.rating === Rating.UP}`);
    }
  })();
  const body = { kind: 'rated', id: 'i1', generationId: 'g1', imageIndex: 0, rating: 'up' };
  expect((await on.call('POST', '/api/interactions', { body })).status).toBe(204);
  expect((await on.call('POST', '/api/interactions', { body })).status).toBe(204);
  await eventually('the rating', () => seen.length > 0);
  stop.abort();
  await reading;
  await events.close();
  expect(seen).toEqual(['web- true']);
  const wrong = { ...body, rating: 'sideways' };
  expect((await on.call('POST', '/api/interactions', { body: wrong })).status).toBe(400);
});
