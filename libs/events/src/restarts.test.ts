import { setImmediate } from 'node:timers/promises';
import { create, GenerationEventSchema } from '@atelier/contracts';
import { eventually, startNats } from '@atelier/testkit';
import { expect, test } from 'vitest';
import { connectEvents, eventsOfGeneration, generationEvents } from './index.ts';

/** Servers that die as soon as the client has found them, in the middle of whatever it asks first. */
const SHORT_LIVES = 8;
/** Generous for a busy machine; what it must not be is half a minute. */
const MOST_MS = 5_000;

const event = (sequence: number) =>
  create(GenerationEventSchema, {
    generationId: 'g1',
    sequence: BigInt(sequence),
    what: { case: 'stageStarted', value: { name: 'diffusion' } },
  });

test('a reading goes on within seconds after restarts of the server in a row, with every message once, in order', async () => {
  const nats = await startNats();
  const events = await connectEvents({ servers: nats.url, name: 'test' });
  const stop = new AbortController();
  const seen: bigint[] = [];
  const reading = (async () => {
    const options = { signal: stop.signal };
    for await (const { message } of events.readStream(generationEvents, eventsOfGeneration('g1'), options))
      seen.push(message.sequence);
  })();
  try {
    await events.publish(generationEvents, event(1));
    await eventually('the first message', () => seen.length === 1);
    for (let life = 0; life <= SHORT_LIVES; life++) {
      while (!events.connected) await setImmediate();
      nats.kill();
      await eventually('the loss', () => !events.connected);
      await nats.restart();
    }
    await events.publish(generationEvents, event(2));
    await eventually('the last message', () => seen.length === 2, MOST_MS);
    expect(seen.map(Number)).toEqual([1, 2]);
    stop.abort();
    await reading;
  } finally {
    stop.abort();
    await events.close();
    await nats.stop();
  }
}, 60_000);

test('a reading in an outage ends when its signal aborts, and when its connection is closed', async () => {
  const nats = await startNats();
  const events = await connectEvents({ servers: nats.url, name: 'test' });
  try {
    await events.publish(generationEvents, event(1));
    const stop = new AbortController();
    const read = async (options: { signal?: AbortSignal }, onFirst: () => void) => {
      for await (const _ of events.readStream(generationEvents, eventsOfGeneration('g1'), options)) onFirst();
    };
    let begun = 0;
    const aborted = read({ signal: stop.signal }, () => begun++);
    const closed = read({}, () => begun++);
    await eventually('both readings', () => begun === 2);
    nats.kill();
    await eventually('the loss', () => !events.connected);
    stop.abort();
    await aborted;
    await events.close();
    await closed;
  } finally {
    await events.close();
    await nats.stop();
  }
}, 30_000);
