import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PromptSafetyService } from '@atelier/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { type CallContext, withoutCall } from './call-context.ts';
import { createClient } from './client.ts';
import { Code } from './code.ts';
import { budgetsMs, hopReserveMs } from './deadlines.ts';
import { serveStream, serveUnary } from './loopback.fixture.ts';
import { RpcError } from './rpc-error.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const never = () => new Promise<never>(() => {});

describe('deadlines', () => {
  it('reach the handler less the reserve of the hop', async () => {
    let remaining = 0;
    const { client, stop } = await serveUnary(async (_request, ctx) => {
      remaining = ctx.remainingMs();
      return {};
    });
    stops.push(stop);
    await client.classifyPrompt({}, { timeoutMs: 1_000 });
    expect(remaining).toBeGreaterThan(800);
    expect(remaining).toBeLessThanOrEqual(1_000 - hopReserveMs);
  });

  it('are the budget of the method when the caller has none', async () => {
    let remaining = 0;
    const { client, stop } = await serveUnary(async (_request, ctx) => {
      remaining = ctx.remainingMs();
      return {};
    });
    stops.push(stop);
    await client.classifyPrompt({});
    const budget = budgetsMs['atelier.prompt_safety.v1.PromptSafetyService/ClassifyPrompt'] ?? 0;
    expect(remaining).toBeGreaterThan(budget - 500);
    expect(remaining).toBeLessThanOrEqual(budget - hopReserveMs);
  });

  // The hop has 20 ms to answer; a machine busy with other tests may not let it run within them every time.
  it('are answered by the hop that is late, in time', { retry: 3 }, async () => {
    const { client, stop } = await serveUnary(never);
    stops.push(stop);
    const start = performance.now();
    const error = await client.classifyPrompt({}, { timeoutMs: 400 }).catch(RpcError.from);
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect((error as RpcError).message).toContain('PromptSafetyService/ClassifyPrompt');
    expect(performance.now() - start).toBeLessThan(400);
  });

  it('that pass without any connection are an outage, those of an impatient call are not', async () => {
    // Takes connections and says nothing, as a network that loses everything after the handshake.
    const mute = createServer();
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    const client = createClient(PromptSafetyService, {
      address: `127.0.0.1:${(mute.address() as AddressInfo).port}`,
    });
    stops.push(async () => {
      client.close();
      mute.close();
    });
    const call = (timeoutMs: number) => client.classifyPrompt({}, { timeoutMs });
    await expect(call(1_200)).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'NOT_CONNECTED' });
    await expect(call(100)).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  });

  it('refuse a call for which too little is left', async () => {
    let ran = false;
    const { client, stop } = await serveUnary(async () => {
      ran = true;
      return {};
    });
    stops.push(stop);
    await client.classifyPrompt({});
    ran = false;
    const error = await client.classifyPrompt({}, { timeoutMs: 90 }).catch(RpcError.from);
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED, reason: 'DEADLINE_TOO_SHORT' });
    expect(ran).toBe(false);
  });

  it('shrink from hop to hop without being passed on by hand', async () => {
    const left: number[] = [];
    const back = await serveUnary(async (_request, ctx) => {
      left.push(ctx.remainingMs());
      return {};
    });
    const front = await serveUnary(async (_request, ctx) => {
      left.push(ctx.remainingMs());
      await back.client.classifyPrompt({}, { timeoutMs: 60_000 });
      await withoutCall(() => back.client.classifyPrompt({}, { timeoutMs: 60_000 }));
      return {};
    });
    stops.push(front.stop, back.stop);
    await front.client.classifyPrompt({}, { timeoutMs: 1_000 });
    const [first = 0, second = 0, detached = 0] = left;
    expect(second).toBeLessThanOrEqual(first - hopReserveMs);
    expect(second).toBeGreaterThan(first - 300);
    expect(detached).toBeGreaterThan(50_000);
  });
});

describe('cancellation', () => {
  it('by the caller reaches the handler of a unary call', async () => {
    const reasons: unknown[] = [];
    const { client, stop } = await serveUnary(async (_request, ctx) => {
      await aborted(ctx);
      reasons.push(ctx.signal.reason);
      return {};
    });
    stops.push(stop);
    const controller = new AbortController();
    const call = client.classifyPrompt({}, { signal: controller.signal }).catch(RpcError.from);
    await sleep(100);
    controller.abort();
    expect(await call).toMatchObject({ code: Code.CANCELLED });
    await expect.poll(() => reasons).toEqual([expect.objectContaining({ code: Code.CANCELLED })]);
  });

  it('goes through two hops', async () => {
    let cancelledAtTheBack = false;
    const back = await serveUnary(async (_request, ctx) => {
      await aborted(ctx);
      cancelledAtTheBack = true;
      return {};
    });
    const client = createClient(PromptSafetyService, { address: back.address });
    const front = await serveUnary((request) => client.classifyPrompt({ prompt: request.prompt }));
    stops.push(front.stop, async () => client.close(), back.stop);
    const signal = AbortSignal.timeout(300);
    const error = await front.client.classifyPrompt({}, { signal }).catch(RpcError.from);
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    await expect.poll(() => cancelledAtTheBack).toBe(true);
  });

  it('happens when the reader of a stream leaves its loop', async () => {
    let finished = false;
    const { client, stop } = await serveStream(async function* (_request, ctx) {
      try {
        for (let step = 1; ; step++) {
          yield { event: { case: 'step', value: { step, steps: 1_000 } } };
          await sleep(5, undefined, { signal: ctx.signal });
        }
      } finally {
        finished = true;
      }
    });
    stops.push(stop);
    for await (const { event } of client.generateImage({})) {
      if (event.case === 'step' && event.value.step === 3) break;
    }
    await expect.poll(() => finished).toBe(true);
  });

  it('before the call begins sends nothing', async () => {
    let ran = false;
    const { client, stop } = await serveUnary(async () => {
      ran = true;
      return {};
    });
    stops.push(stop);
    const error = await client.classifyPrompt({}, { signal: AbortSignal.abort() }).catch(RpcError.from);
    expect(error).toMatchObject({ code: Code.CANCELLED });
    await sleep(100);
    expect(ran).toBe(false);
  });
});

function aborted(ctx: CallContext): Promise<void> {
  return new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve()));
}
