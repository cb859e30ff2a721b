/** The interface that OpenAI's own client library talks to, with that library as it comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { resourceExhausted, unavailable } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import OpenAI, { APIError } from 'openai';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { blocked } from '../mesh.fixture.ts';
import { useWeb } from '../web.fixture.ts';

const on = useWeb();
let openai: OpenAI;
const quiet = { beforeCreate: () => {} };
beforeEach(() => {
  Object.assign(on.mesh.behaviour, quiet);
  openai = new OpenAI({ baseURL: `${on.url}/v1`, apiKey: 'sk-anything', maxRetries: 0 });
});

const sizeOf = async (bytes: Uint8Array) => {
  const { width, height, format } = await sharp(bytes).metadata();
  return { width, height, format };
};

describe('pictures', () => {
  it('in base64, as many and as large as asked for', async () => {
    const request = {
      prompt: 'A boat on an ocean',
      n: 2,
      size: '1024x1024' as const,
      response_format: 'b64_json' as const,
    };
    const { data = [], created } = await openai.images.generate(request);
    expect(data.length).toBe(2);
    expect(Math.abs(created * 1_000 - Date.now())).toBeLessThan(60_000);
    for (const { b64_json = '' } of data)
      expect(await sizeOf(Buffer.from(b64_json, 'base64'))).toEqual({
        width: 1_024,
        height: 1_024,
        format: 'png',
      });
    expect(on.mesh.behaviour.created.at(-1)?.tenant).toMatch(/^key-/);
  });

  it('by address, and for models of the gpt-image kind in base64 and WebP', async () => {
    const { data: [first] = [] } = await openai.images.generate({ prompt: 'A boat', size: '256x256' });
    expect(await sizeOf(await (await fetch(first?.url ?? '')).bytes())).toMatchObject({
      width: 256,
      format: 'png',
    });
    const request = {
      prompt: 'A boat',
      model: 'gpt-image-1',
      output_format: 'webp' as const,
      quality: 'high' as const,
    };
    const { data: [second] = [] } = await openai.images.generate(request);
    expect(await sizeOf(Buffer.from(second?.b64_json ?? '', 'base64'))).toMatchObject({
      width: 1_024,
      format: 'webp',
    });
  });
});

/** What the library makes of an answer. */
async function failureOf(request: OpenAI.ImageGenerateParams): Promise<APIError> {
  const error = await openai.images.generate(request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof APIError) return error;
  throw new Error('no APIError', { cause: error });
}

describe('errors', () => {
  it('name the parameter', async () => {
    expect(await failureOf({ prompt: 'A boat', n: 9 })).toMatchObject({
      status: 400,
      param: 'n',
      type: 'invalid_request_error',
      message: '400 The number of pictures (n) must be at most 8.',
    });
    expect(await failureOf({ prompt: 'A boat', size: '1792x1024' })).toMatchObject({
      status: 400,
      param: 'size',
    });
    expect(await failureOf({ prompt: 'A boat', stream: true })).toMatchObject({
      status: 400,
      param: 'stream',
    });
  });

  it('tell a blocked prompt from a wrong one', async () => {
    on.mesh.behaviour.result = blocked;
    expect(await failureOf({ prompt: 'Something bad' })).toMatchObject({
      status: 400,
      code: 'content_policy_violation',
      message: expect.stringContaining('seems to be about violence'),
      type: 'invalid_request_error',
    });
  });

  it('say when to come back', async () => {
    on.mesh.behaviour.beforeCreate = () => {
      throw resourceExhausted('full', 5_000, 'QUEUE_FULL');
    };
    const full = await failureOf({ prompt: 'A boat' });
    expect(full).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(full.headers?.get('retry-after')).toBe('5');
    on.mesh.behaviour.beforeCreate = () => {
      throw unavailable('away', { retryAfterMs: 1 });
    };
    expect(await failureOf({ prompt: 'A boat' })).toMatchObject({ status: 503, type: 'server_error' });
  });

  it('are of their shape at other addresses too', async () => {
    const error = await openai.models.list().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ status: 404, type: 'invalid_request_error' });
  });
});

it('a client that hangs up cancels its generation', async () => {
  on.mesh.behaviour.beforeStep = (_, signal) => sleep(60_000, undefined, { signal }).catch(() => {});
  const hangUp = new AbortController();
  const asked = openai.images.generate({ prompt: 'A boat' }, { signal: hangUp.signal });
  const before = on.mesh.behaviour.cancelled.length;
  await eventually('a watch', () => on.mesh.behaviour.watchesBegun > on.mesh.behaviour.watchesEnded);
  hangUp.abort();
  await expect(asked).rejects.toThrow();
  await eventually('the cancel', () => on.mesh.behaviour.cancelled.length > before);
});
