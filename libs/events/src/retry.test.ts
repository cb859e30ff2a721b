import type { NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { Link } from './link.ts';
import { retryingOver } from './retry.ts';

/** A connection that is lost and back when it is told so: of a real one only the word of it matters here. */
function connection() {
  let tell: (type: string) => void = () => {};
  let closed = false;
  const status = async function* () {
    for (;;) yield { type: await new Promise<string>((resolve) => (tell = resolve)) };
  };
  const nats = { status, isClosed: () => closed, closed: () => new Promise<void>(() => {}) };
  return {
    link: new Link(nats as unknown as NatsConnection),
    async becomes(type: 'disconnect' | 'reconnect') {
      tell(type);
      await new Promise((resolve) => setImmediate(resolve));
    },
    close: () => (closed = true),
  };
}

test('what is under way when the connection is lost is tried again when it is back, and no sooner', async () => {
  const { link, becomes } = connection();
  const tries: boolean[] = [];
  const result = retryingOver(link)('ask', 60_000, async (again) => {
    tries.push(again);
    return again ? 'answer' : await new Promise<string>(() => {});
  });
  await becomes('disconnect');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(tries).toEqual([false]);
  await becomes('reconnect');
  expect(await result).toBe('answer');
  expect(tries).toEqual([false, true]);
});

test('patience ends while the server is away', async () => {
  const { link, becomes } = connection();
  await becomes('disconnect');
  const asked = retryingOver(link)('ask', 200, async () => 'never');
  await expect(asked).rejects.toMatchObject({ name: 'EventsError', code: 'unavailable' });
});

test('a closed connection is not waited for', async () => {
  const { link, close } = connection();
  close();
  const asked = retryingOver(link)('ask', 60_000, async () => 'never');
  await expect(asked).rejects.toMatchObject({ message: 'ask: the connection is closed' });
});
