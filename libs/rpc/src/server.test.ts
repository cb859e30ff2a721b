import { once } from 'node:events';
import http2 from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { PromptSafetyService } from '@atelier/contracts';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Code } from './code.ts';
import { healthChecker, waitForHealthy } from './health.ts';
import { serveStream, serveUnary } from './loopback.fixture.ts';
import { RpcError } from './rpc-error.ts';
import { createServer } from './server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

describe('health', () => {
  it('says SERVING when told to, for the server and for each service', async () => {
    const { server, address, stop } = await serveUnary(async () => ({}));
    const whole = healthChecker(address);
    const service = healthChecker(address, PromptSafetyService.typeName);
    stops.push(whole.close, service.close, stop);
    expect(await whole.check()).toBe('NOT_SERVING');
    server.setServing(true);
    expect(await whole.check()).toBe('SERVING');
    expect(await service.check()).toBe('SERVING');
    server.setServing(false);
    expect(await service.check()).toBe('NOT_SERVING');
  });

  it('can be waited for, and not forever', async () => {
    const { server, address, stop } = await serveUnary(async () => ({}));
    stops.push(stop);
    const refusal = await waitForHealthy(address, { timeoutMs: 300 }).catch(RpcError.from);
    expect(refusal).toMatchObject({ code: Code.UNAVAILABLE, reason: 'NOT_HEALTHY' });
    expect((refusal as RpcError).message).toContain('NOT_SERVING');
    setTimeout(() => server.setServing(true), 200);
    await waitForHealthy(address, { timeoutMs: 5_000 });
  });

  it('finds a server soon after it came up, however long nobody was there', async () => {
    const first = createServer({ bindings: [] });
    const address = `127.0.0.1:${await first.listen('127.0.0.1:0')}`;
    await first.drain(0);
    const waiting = waitForHealthy(address, { timeoutMs: 10_000 });
    await sleep(400); // a retry would wait from 0.4 to 1.3 s now
    const server = createServer({ bindings: [] });
    stops.push(() => server.drain(0));
    await server.listen(address);
    server.setServing(true);
    const up = performance.now();
    await waiting;
    expect(performance.now() - up).toBeLessThan(400);
  });
});

describe('reflection', () => {
  it.each(['v1', 'v1alpha'])('%s lists the services and describes their files', async (version) => {
    const { address, stop } = await serveUnary(async () => ({}));
    const raw = new Client(address, credentials.createInsecure());
    stops.push(() => raw.close(), stop);
    const ask = (request: Buffer): Promise<string> =>
      new Promise((resolve, reject) => {
        const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
        const call = raw.makeBidiStreamRequest<Buffer, Buffer>(
          path,
          (bytes) => bytes,
          (bytes) => bytes,
        );
        call.on('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
        call.on('error', reject);
        call.end(request);
      });
    // ServerReflectionRequest.list_services (field 7) and .file_containing_symbol (field 4).
    expect(await ask(textField(7, '*'))).toContain(PromptSafetyService.typeName);
    const file = await ask(textField(4, PromptSafetyService.typeName));
    expect(file).toContain('atelier/prompt_safety/v1/prompt_safety.proto');
    expect(file).toContain('ClassifyPromptRequest');
  });
});

function textField(number: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, text.length]), Buffer.from(text)]);
}

describe('a call to what is not there', () => {
  it('gets UNIMPLEMENTED', async () => {
    const { address, stop } = await serveUnary(async () => ({}));
    const raw = new Client(address, credentials.createInsecure());
    stops.push(() => raw.close(), stop);
    const code = await new Promise((resolve) =>
      raw.makeUnaryRequest(
        '/atelier.prompt_safety.v1.PromptSafetyService/Nothing',
        (bytes: Buffer) => bytes,
        (bytes) => bytes,
        Buffer.alloc(0),
        (error) => resolve(error?.code),
      ),
    );
    expect(code).toBe(Code.UNIMPLEMENTED);
  });
});

describe('drain', () => {
  it('lets every call in hand finish', async () => {
    let begun = 0;
    const { server, client, stop } = await serveUnary(async () => {
      begun += 1;
      await sleep(300);
      return { verdict: { allowed: true } };
    });
    stops.push(stop);
    const calls = Array.from({ length: 100 }, () => client.classifyPrompt({}));
    await expect.poll(() => begun, { interval: 5 }).toBe(100);
    await server.drain(5_000);
    const answers = await Promise.allSettled(calls);
    expect(answers.filter((answer) => answer.status === 'rejected')).toEqual([]);
  });

  it('tells long streams, which may end by themselves', async () => {
    const { server, client, stop } = await serveStream(async function* (_request, ctx) {
      yield { event: { case: 'step', value: { step: 1, steps: 2 } } };
      await new Promise<void>((resolve) => ctx.draining.addEventListener('abort', () => resolve()));
      yield { event: { case: 'step', value: { step: 2, steps: 2 } } };
    });
    stops.push(stop);
    const steps: number[] = [];
    for await (const { event } of client.generateImage({})) {
      if (event.case !== 'step') continue;
      steps.push(event.value.step);
      if (steps.length === 1) void server.drain(10_000);
    }
    expect(steps).toEqual([1, 2]);
  });

  it("lets a stream finish that outlasts the clients' keepalive interval", async () => {
    const { server, client, stop } = await serveStream(async function* () {
      for (let step = 1; step <= 15; step++) {
        yield { event: { case: 'step', value: { step, steps: 15 } } };
        await sleep(100);
      }
    });
    stops.push(stop);
    let steps = 0;
    for await (const _ of client.generateImage({})) if (++steps === 1) void server.drain(10_000);
    expect(steps).toBe(15);
  });

  it('closes no connection on which a large answer is still on its way', async () => {
    const { server, address, stop } = await serveUnary(async () => ({
      verdict: { policyVersion: 'v'.repeat(1_000_000) },
    }));
    stops.push(stop);
    const connection = http2.connect(`http://${address}`);
    let goodbye = false;
    connection.on('goaway', () => {
      goodbye = true;
    });
    const call = connection.request({
      ':method': 'POST',
      ':path': '/atelier.prompt_safety.v1.PromptSafetyService/ClassifyPrompt',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    // An empty message: no compression, length 0.
    call.end(Buffer.alloc(5));
    // Headers are read, but no more of the answer than a window's worth.
    await once(call, 'response');
    const drained = server.drain(5_000);
    await sleep(200);
    expect(goodbye).toBe(false);
    let bytes = 0;
    for await (const part of call) bytes += part.length;
    expect(bytes).toBeGreaterThan(1_000_000);
    await drained;
    expect(goodbye).toBe(true);
    connection.close();
  });

  it('sends new calls elsewhere', async () => {
    const { server, client, stop } = await serveUnary(async () => {
      await sleep(500);
      return { verdict: { allowed: true } };
    });
    stops.push(stop);
    const inHand = client.classifyPrompt({});
    await sleep(200);
    const drained = server.drain(5_000);
    await expect(client.classifyPrompt({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    await inHand;
    await drained;
  });

  it('ends what outlasts the grace with UNAVAILABLE', async () => {
    const { server, client, stop } = await serveStream(async function* () {
      yield { event: { case: 'step', value: { step: 1, steps: 2 } } };
      await new Promise(() => {});
    });
    stops.push(stop);
    const start = performance.now();
    const read = async () => {
      for await (const _ of client.generateImage({})) void server.drain(200);
    };
    await expect(read()).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'SHUTTING_DOWN' });
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('listen', () => {
  it('says which address is taken', async () => {
    const { address, stop } = await serveUnary(async () => ({}));
    stops.push(stop);
    await expect(createServer({ bindings: [] }).listen(address)).rejects.toThrow(address);
  });
});
