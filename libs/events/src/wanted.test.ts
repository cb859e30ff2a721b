import { startNats } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEvents, type Events, previewsOf } from './index.ts';

type Nats = Awaited<ReturnType<typeof startNats>>;
let nats: Nats;
let one: Events;
let other: Events;

beforeAll(async () => {
  nats = await startNats();
  [one, other] = (await Promise.all(
    ['one', 'other'].map((name) => connectEvents({ servers: nats.url, name })),
  )) as [Events, Events];
});
afterAll(async () => {
  await Promise.all([one?.close(), other?.close()]);
  await nats?.stop();
});

describe('what somebody wants', () => {
  test('is wanted while any of them does, on whatever connection, and nothing else is', async () => {
    const subject = previewsOf('g1');
    expect(await one.isWanted(subject)).toBe(false);
    const stops = [other.want(subject), other.want(subject), one.want(subject)];
    await Promise.all([one.flush(), other.flush()]);
    for (const stop of stops) {
      expect(await one.isWanted(subject)).toBe(true);
      expect(await other.isWanted(subject)).toBe(true);
      expect(await one.isWanted(previewsOf('g2'))).toBe(false);
      stop();
      await Promise.all([one.flush(), other.flush()]);
    }
    expect(await one.isWanted(subject)).toBe(false);
    expect(await other.isWanted(subject)).toBe(false);
  });

  test('is not, once the connection is closed', async () => {
    const third = await connectEvents({ servers: nats.url, name: 'third' });
    third.want(previewsOf('g3'));
    await third.flush();
    expect(await one.isWanted(previewsOf('g3'))).toBe(true);
    await third.close();
    expect(await one.isWanted(previewsOf('g3'))).toBe(false);
    expect(await third.isWanted(previewsOf('g3'))).toBe(false);
  });
});
