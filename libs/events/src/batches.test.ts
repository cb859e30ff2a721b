import { create, FeedbackEventSchema } from '@atelier/contracts';
import { eventually, startNats } from '@atelier/testkit';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectEvents, type Events, feedbackEvents } from './index.ts';

let nats: Awaited<ReturnType<typeof startNats>>;
let events: Events;

beforeAll(async () => {
  nats = await startNats();
  events = await connectEvents({ servers: nats.url, name: 'test' });
});
afterAll(async () => {
  await events?.close();
  await nats?.stop();
});

const clicked = (interactionId: string) =>
  create(FeedbackEventSchema, {
    interaction: { interactionId, generationId: 'g', kind: { case: 'clicked', value: {} } },
  });

test('a batch comes again until it is kept, a later reader goes on behind it, and what is no message is left out', async () => {
  for (const id of ['1', '2', '3']) await events.publish(feedbackEvents, clicked(id));
  const raw = await connect({ servers: nats.url });
  raw.publish('atelier.events.feedback.clicked', new Uint8Array([255, 255]));
  await raw.flush();
  await raw.close();

  const malformed: string[] = [];
  const kept: string[] = [];
  let failures = 0;
  const read = (handle: (ids: string[]) => void) => {
    const end = new AbortController();
    const reading = events.consumeBatches(feedbackEvents, {
      durable: 'reader',
      maxMessages: 10,
      ackWaitMs: 10_000,
      signal: end.signal,
      onError: () => {},
      onMalformed: (subject) => void malformed.push(subject),
      handle: async (batch) => handle(batch.map(({ interaction }) => interaction?.interactionId ?? '')),
    });
    return async () => {
      end.abort();
      await reading;
    };
  };

  const stopFirst = read((ids) => {
    failures += 1;
    if (failures === 1) throw new Error('the disk is full');
    kept.push(...ids);
  });
  await eventually('three events', () => kept.length >= 3);
  await stopFirst();
  expect(kept).toEqual(['1', '2', '3']);
  expect(new Set(malformed)).toEqual(new Set(['atelier.events.feedback.clicked']));

  await events.publish(feedbackEvents, clicked('4'));
  const later: string[] = [];
  const stopSecond = read((ids) => void later.push(...ids));
  await eventually('the fourth event', () => later.length > 0);
  await stopSecond();
  expect(later).toEqual(['4']);
});
