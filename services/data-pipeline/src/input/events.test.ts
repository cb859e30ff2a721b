/** The platform's own pictures, through a real NATS server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  create,
  FeedbackEventSchema,
  GenerationEventSchema,
  GenerationState,
  Rating,
} from '@atelier/contracts';
import { connectEvents, type Events, feedbackEvents, generationEvents } from '@atelier/events';
import { composeScene, renderPng } from '@atelier/scenes';
import { startNats } from '@atelier/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOnce } from '../run.fixture.ts';

let nats: Awaited<ReturnType<typeof startNats>>;
let events: Events;
let folder = '';
beforeAll(async () => {
  [nats, folder] = await Promise.all([startNats(), mkdtemp(join(tmpdir(), 'atelier-events-'))]);
  events = await connectEvents({ servers: nats.url, name: 'test' });
}, 60_000);
afterAll(async () => {
  await events.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

async function draw(
  id: string,
  prompt: string,
  seed: number,
  { store = true, kept = false } = {},
): Promise<void> {
  const png = await renderPng(composeScene(seed), 128);
  const uri = store ? await events.images.put(id, 0, png) : 'nats-obj://atelier_images/gone/0.png';
  await events.publish(
    generationEvents,
    create(GenerationEventSchema, {
      generationId: id,
      sequence: 100_001n,
      what: {
        case: 'finished',
        value: {
          id,
          prompt,
          private: kept,
          state: GenerationState.SUCCEEDED,
          result: { case: 'images', value: { images: [{ content: { case: 'uri', value: uri } }] } },
        },
      },
    }),
  );
}

async function rate(generationId: string, interactionId: string, rating: Rating): Promise<void> {
  await events.publish(
    feedbackEvents,
    create(FeedbackEventSchema, {
      interaction: { interactionId, generationId, kind: { case: 'rated', value: { rating } } },
    }),
  );
}

test('pictures come with their prompts; what is disliked or private stays out', {
  timeout: 60_000,
}, async () => {
  await draw('liked', 'a red sailboat at sea, write to me@example.com', 80_001);
  await draw('disliked', 'an old lighthouse', 80_002);
  await draw('gone', 'a green hill', 80_003, { store: false });
  await draw('private', 'my own house', 80_004, { kept: true });
  await rate('liked', 'i1', Rating.UP);
  await rate('disliked', 'i2', Rating.DOWN);
  const { rows, run } = await runOnce({ input: nats.url, out: join(folder, 'out') });
  expect(rows.map(({ source, reason }) => [source, reason])).toEqual([
    ['generation/liked#0', 'kept'],
    ['generation/disliked#0', 'disliked'],
    ['generation/gone#0', 'fetch_failed'],
  ]);
  const [liked, disliked] = rows;
  expect(liked).toMatchObject({ rated_up: 1, rated_down: 0, caption_action: 'cleaned' });
  expect(liked?.caption).not.toContain('example.com');
  expect(disliked?.detail).toBe('1 down, 0 up');
  expect(await run.store.size('shard-00000.tar')).toBeGreaterThan(0);
});
