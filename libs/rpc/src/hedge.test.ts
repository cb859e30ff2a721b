import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { CallContext } from './call-context.ts';
import { Code } from './code.ts';
import { serveUnary } from './loopback.fixture.ts';
import { RpcError } from './rpc-error.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const ALLOWED = { verdict: { allowed: true } };

/** A server whose call number n (from 1) is answered by `answer`; what it saw. */
async function serving(answer: (call: number, context: CallContext) => Promise<typeof ALLOWED>) {
  let calls = 0;
  const cancelled: number[] = [];
  const fixture = await serveUnary(async (_, context) => {
    const call = ++calls;
    context.signal.addEventListener('abort', () => cancelled.push(call));
    return await answer(call, context);
  });
  stops.push(fixture.stop);
  return { client: fixture.client, calls: () => calls, cancelled };
}

const hanging = (signal: AbortSignal) => sleep(30_000, ALLOWED, { signal });

test('a call that hangs is made again, and cancelled once the second has answered', async () => {
  const { client, calls, cancelled } = await serving((call, { signal }) =>
    call === 1 ? hanging(signal) : Promise.resolve(ALLOWED),
  );
  const began = performance.now();
  expect((await client.classifyPrompt({}, { hedgeAfterMs: 100 })).verdict?.allowed).toBe(true);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(calls()).toBe(2);
  await expect.poll(() => cancelled).toContain(1);
});

test('so is the second, where it hangs too', async () => {
  const { client, calls } = await serving((call, { signal }) =>
    call < 3 ? hanging(signal) : Promise.resolve(ALLOWED),
  );
  expect((await client.classifyPrompt({}, { hedgeAfterMs: 50 })).verdict?.allowed).toBe(true);
  expect(calls()).toBe(3);
});

test('one that answers in time is made once', async () => {
  const { client, calls } = await serving(() => Promise.resolve(ALLOWED));
  await client.classifyPrompt({}, { hedgeAfterMs: 300 });
  await sleep(400);
  expect(calls()).toBe(1);
});

test('the first may still win', async () => {
  const { client, calls } = await serving((call, { signal }) =>
    call === 1 ? sleep(130, ALLOWED, { signal }) : hanging(signal),
  );
  expect((await client.classifyPrompt({}, { hedgeAfterMs: 100 })).verdict?.allowed).toBe(true);
  expect(calls()).toBe(2);
});

test('an error in time is final', async () => {
  const { client, calls } = await serving(() => Promise.reject(new RpcError(Code.INVALID_ARGUMENT, 'no')));
  const call = client.classifyPrompt({}, { hedgeAfterMs: 1_000 });
  await expect(call).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  expect(calls()).toBe(1);
});

test("the caller's cancellation ends all", async () => {
  const { client, cancelled } = await serving((_, { signal }) => hanging(signal));
  const controller = new AbortController();
  const call = client.classifyPrompt({}, { hedgeAfterMs: 50, signal: controller.signal });
  await sleep(300);
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
  await expect.poll(() => cancelled.toSorted()).toEqual([1, 2, 3]);
});
