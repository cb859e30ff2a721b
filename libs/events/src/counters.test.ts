import { startNats } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEvents } from './connect.ts';
import type { Events } from './events.ts';

let nats: Awaited<ReturnType<typeof startNats>>;
let all: Events[];

beforeAll(async () => {
  nats = await startNats();
  all = await Promise.all(
    Array.from({ length: 3 }, () => connectEvents({ servers: nats.url, name: 'test' })),
  );
});
afterAll(async () => {
  await Promise.all((all ?? []).map((events) => events.close()));
  await nats?.stop();
});

describe('counters', () => {
  it('count every change of every process once', async () => {
    const additions = Array.from({ length: 30 }, (_, i) =>
      (all[i % 3] as Events).usage.change('acme.2026-11-28', (used) => used + 2),
    );
    const seen = await Promise.all(additions);
    expect(new Set(seen).size).toBe(30);
    expect(Math.max(...seen)).toBe(60);
  });

  it('stay as they were when the change is refused', async () => {
    const [events] = all as [Events];
    await events.usage.change('b', () => 5);
    const refused = events.usage.change('b', () => {
      throw new RangeError('too many');
    });
    await expect(refused).rejects.toThrow(RangeError);
    expect(await events.usage.change('b', (used) => used)).toBe(5);
  });
});
