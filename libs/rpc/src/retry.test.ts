import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { PromptSafetyService } from '@atelier/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { bind } from './binding.ts';
import { createClient } from './client.ts';
import { Code } from './code.ts';
import { serveUnary } from './loopback.fixture.ts';
import { RpcError, unavailable } from './rpc-error.ts';
import { createServer } from './server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server whose first `failures` calls fail with `error`; counts the attempts it sees. */
async function failing(failures: number, error: () => RpcError) {
  let attempts = 0;
  const fixture = await serveUnary(async () => {
    attempts += 1;
    if (attempts <= failures) throw error();
    return { verdict: { allowed: true } };
  });
  stops.push(fixture.stop);
  return { ...fixture, attempts: () => attempts };
}

describe('retries', () => {
  it('make up for three UNAVAILABLE answers', async () => {
    const { client, attempts } = await failing(3, () => unavailable('warming'));
    expect((await client.classifyPrompt({})).verdict?.allowed).toBe(true);
    expect(attempts()).toBe(4);
  });

  it('end after four attempts, with the last error', async () => {
    const { client, attempts } = await failing(9, () => unavailable('down', { reason: 'MODEL_GONE' }));
    const error = await client.classifyPrompt({}).catch(RpcError.from);
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, reason: 'MODEL_GONE' });
    expect(attempts()).toBe(4);
  });

  it.each([Code.INTERNAL, Code.RESOURCE_EXHAUSTED, Code.DEADLINE_EXCEEDED, Code.ABORTED])(
    'leave code %i alone',
    async (code) => {
      const { client, attempts } = await failing(9, () => new RpcError(code, 'no'));
      await expect(client.classifyPrompt({})).rejects.toMatchObject({ code });
      expect(attempts()).toBe(1);
    },
  );

  it('wait as long as the server asks', async () => {
    const { client } = await failing(1, () => unavailable('busy', { retryAfterMs: 600 }));
    const start = performance.now();
    await client.classifyPrompt({});
    expect(performance.now() - start).toBeGreaterThan(590);
  });

  it('cease while most calls fail', async () => {
    const { client, attempts } = await failing(Number.POSITIVE_INFINITY, () =>
      unavailable('down', { retryAfterMs: 0 }),
    );
    for (let call = 0; call < 20; call++) await client.classifyPrompt({}).catch(() => {});
    const before = attempts();
    await client.classifyPrompt({}).catch(() => {});
    expect(attempts() - before).toBe(1);
  });

  it('carry a call over to the server that replaces a dead one', async () => {
    const first = await serveUnary(async () => ({ verdict: { allowed: true } }));
    stops.push(() => first.client.close());
    await first.client.classifyPrompt({});
    await first.server.drain(0);
    const successor = createServer({
      bindings: [
        bind(PromptSafetyService, {
          classifyPrompt: async () => ({ verdict: { score: 0.5 } }),
          classifyPrompts: async () => ({}),
        }),
      ],
    });
    await successor.listen(first.address);
    stops.push(() => successor.drain(0));
    expect((await first.client.classifyPrompt({})).verdict?.score).toBe(0.5);
  });
});

describe('keepalive', () => {
  it('moves a call away from a replica that has stopped answering', async () => {
    const served: string[] = [];
    const serve = (name: string) =>
      serveUnary(async () => {
        served.push(name);
        return {};
      });
    const [one, two] = [await serve('one'), await serve('two')];
    const frozen = await freezable(one.address);
    stops.push(frozen.close, one.stop, two.stop);
    const client = createClient(PromptSafetyService, { address: `ipv4:${frozen.address},${two.address}` });
    stops.push(() => client.close());
    // Round robin: with both replicas connected, two calls in a row meet both.
    await expect
      .poll(async () => {
        await client.classifyPrompt({});
        return new Set(served).size;
      })
      .toBe(2);
    frozen.freeze();
    served.length = 0;
    const start = performance.now();
    await Promise.all([0, 1, 2, 3].map(() => client.classifyPrompt({}, { timeoutMs: 15_000 })));
    expect(performance.now() - start).toBeLessThan(9_000);
    expect(served).toEqual(['two', 'two', 'two', 'two']);
  });
});

/** A TCP relay to `address` that can stop relaying without closing, as a stopped process does. */
async function freezable(address: string) {
  const port = Number(address.split(':')[1]);
  const sockets: Socket[] = [];
  let frozen = false;
  const relay = createTcpServer((near) => {
    if (frozen) return void near.pause();
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const listening = relay.address();
  if (listening === null || typeof listening === 'string') throw new Error('the relay has no port');
  return {
    address: `127.0.0.1:${listening.port}`,
    freeze() {
      frozen = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
      relay.close();
    },
  };
}
