import { setTimeout as sleep } from 'node:timers/promises';
import { type GenerateImageResponse, ImageFormat } from '@atelier/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { Code } from './code.ts';
import { serveStream } from './loopback.fixture.ts';
import { RpcError, resourceExhausted } from './rpc-error.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const step = (number: number) => ({
  event: { case: 'step' as const, value: { step: number, steps: 50 } },
});

async function read(
  stream: AsyncIterable<GenerateImageResponse>,
): Promise<{ steps: number[]; error?: RpcError }> {
  const steps: number[] = [];
  try {
    for await (const { event } of stream) if (event.case === 'step') steps.push(event.value.step);
  } catch (error) {
    return { steps, error: RpcError.from(error) };
  }
  return { steps };
}

describe('server streams', () => {
  it('arrive whole and in order', async () => {
    const { client, stop } = await serveStream(async function* (request) {
      for (let number = 1; number <= (request.steps ?? 0); number++) yield step(number);
    });
    stops.push(stop);
    const { steps, error } = await read(client.generateImage({ steps: 500 }));
    expect(error).toBeUndefined();
    expect(steps).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  it('that fail midway give what was sent, then the error with its details', async () => {
    const { client, stop } = await serveStream(async function* () {
      yield step(1);
      yield step(2);
      throw resourceExhausted('out of memory', 100, 'MEMORY');
    });
    stops.push(stop);
    const { steps, error } = await read(client.generateImage({}));
    expect(steps).toEqual([1, 2]);
    expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'MEMORY', retryAfterMs: 100 });
  });

  it('end at the deadline though the handler never does', async () => {
    const { client, stop } = await serveStream(async function* () {
      yield step(1);
      await new Promise(() => {});
    });
    stops.push(stop);
    const { steps, error } = await read(client.generateImage({}, { timeoutMs: 400 }));
    expect(steps).toEqual([1]);
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  });

  it('carry pictures of 3 MiB unharmed', async () => {
    const data = Uint8Array.from({ length: 1024 * 1024 * 3 }, (_, index) => (index * 31) % 251);
    const image = { width: 1024, height: 1024, format: ImageFormat.RGB8, data };
    const { client, stop } = await serveStream(async function* () {
      yield { event: { case: 'preview', value: image } };
    });
    stops.push(stop);
    const events: GenerateImageResponse['event'][] = [];
    for await (const { event } of client.generateImage({})) events.push(event);
    expect(events).toHaveLength(1);
    const [event] = events;
    if (event?.case !== 'preview') expect.fail('no preview');
    expect(Buffer.compare(event.value.data, data)).toBe(0);
  });

  it('hold their producer back while the reader is slow', async () => {
    let produced = 0;
    const { client, stop } = await serveStream(async function* () {
      for (; produced < 1_000; produced++) {
        yield { event: { case: 'preview', value: { data: new Uint8Array(256 * 1024) } } };
      }
    });
    stops.push(stop);
    for await (const _ of client.generateImage({})) {
      await sleep(500);
      break;
    }
    expect(produced).toBeGreaterThan(0);
    expect(produced).toBeLessThan(100);
  });
});
