/** What every model service must do, whatever its model: one suite, called in a few lines by each of them. */
import { type Client, Code, createClient, healthChecker, RpcError } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { listServices } from './reflection.ts';
import { type ServiceName, type ServiceProcess, startService } from './service.ts';

export interface CallLimits {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Makes one call and waits for its end; streams through `drained`. */
export type Call<D extends DescService> = (client: Client<D>, limits?: CallLimits) => Promise<unknown>;

export interface ModelServiceSuite<D extends DescService> {
  /** Folder under services/. */
  name: ServiceName;
  service: D;
  /** Settings for the process, on top of the defaults. */
  env?: NodeJS.ProcessEnv;
  /** A valid call; the longer it computes, the more the tests of cancel and drain say. */
  call: Call<D>;
  /** Calls that must be refused, each with the field that the refusal names. */
  refused: readonly { field: string; call: Call<D> }[];
  /** How long the service may take to be loaded and warmed, milliseconds; default 60,000. */
  readyTimeoutMs?: number;
}

/** The messages of a stream, read to its end. */
export async function drained<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

/** Declare the suite; the service runs as a process of its own, on its real model. */
export function describeModelService<D extends DescService>(suite: ModelServiceSuite<D>): void {
  const { name, service, call } = suite;

  describe(`${name} as a service of the mesh`, () => {
    let running: ServiceProcess;
    let client: Client<D> & { close(): void };
    let up = false;

    // Once for all tests; again only where one that ended the service is retried.
    beforeEach(async () => {
      if (up) return;
      client?.close();
      await running?.stop();
      running = await startService(name, suite.env);
      up = true;
      await running.ready(suite.readyTimeoutMs);
      // Without a name, so that it shares its connection with the health checks: what was sent first is read first.
      client = createClient(service, { address: running.address });
    });
    afterAll(async () => {
      client?.close();
      await running?.stop();
    });

    // That it isn't healthy before is runService's own test: a small model is warm too soon to be caught here.
    test('answers as soon as it is healthy', async () => {
      expect(await healthOf(running.address)).toBe('SERVING');
      await call(client);
    });

    test('is healthy under the name of its service too', async () => {
      const checker = healthChecker(running.address, service.typeName);
      expect(await checker.check()).toBe('SERVING');
      checker.close();
    });

    test('tells by reflection what it serves', async () => {
      expect(await listServices(running.address)).toContain(service.typeName);
    });

    test.each(suite.refused.map((refusal, index) => [index + 1, refusal.field, refusal.call] as const))(
      'refuses bad input (%i), naming %s',
      async (_, field, refused) => {
        const error = await failureOf(refused(client));
        expect(error.code).toBe(Code.INVALID_ARGUMENT);
        expect(error.violations.map((violation) => violation.field)).toContain(field);
        expect(error.violations.every(({ description }) => description !== '')).toBe(true);
      },
    );

    test('lets a caller cancel, and goes on', async () => {
      const caller = new AbortController();
      const cancelled = failureOf(call(client, { signal: caller.signal }));
      caller.abort();
      expect((await cancelled).code).toBe(Code.CANCELLED);
      await call(client);
    });

    test('ends a call at its deadline, and goes on', async () => {
      const error = await failureOf(call(client, { timeoutMs: 1 }));
      expect(error.code).toBe(Code.DEADLINE_EXCEEDED);
      await call(client);
    });

    test('finishes the call in hand when it is told to stop, and ends in order', async () => {
      up = false;
      const inHand = call(client);
      // Sent after the call over the same connection: once it is answered, the call is in hand.
      await eventually('health', async () => (await healthOf(running.address)) === 'SERVING');
      const exited = running.exited();
      running.kill('SIGTERM');
      await expect(inHand).resolves.toBeDefined();
      expect(await exited).toMatchObject({ code: 0, signal: null });
    });
  });
}

async function healthOf(address: string): Promise<string> {
  const checker = healthChecker(address);
  try {
    return await checker.check();
  } catch (error) {
    return RpcError.from(error).message;
  } finally {
    checker.close();
  }
}

async function failureOf(call: Promise<unknown>): Promise<RpcError> {
  return await call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => RpcError.from(error),
  );
}
