/** Callers that turn away, thousands of them on one connection: none costs the connection or a neighbour. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Code } from './code.ts';
import { serveStream } from './loopback.fixture.ts';
import { RpcError } from './rpc-error.ts';

let stop: (() => Promise<void>) | undefined;
afterEach(async () => await stop?.());

it('keeps the connection of a client that leaves many streams before their end', async () => {
  const served = await serveStream(async function* (_, { signal }) {
    yield {};
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
  });
  stop = served.stop;
  const cancel = new AbortController();
  const neighbour = served.client.generateImage({}, { signal: cancel.signal })[Symbol.asyncIterator]();
  await neighbour.next();
  const next = neighbour.next().catch(RpcError.from);
  for (let wave = 0; wave < 40; wave++) {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        for await (const _ of served.client.generateImage({})) break;
      }),
    );
  }
  cancel.abort();
  expect(await next).toMatchObject({ code: Code.CANCELLED });
});
