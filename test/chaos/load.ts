/** Generations under way, some at a time, each followed to its end whatever breaks; everything seen is in the history. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Generation, GenerationService } from '@atelier/contracts';
import { Code, createClient, RpcError } from '@atelier/rpc';
import { History } from './history.ts';

export interface LoadOptions {
  /** gRPC target of the orchestrators. */
  target: string;
  /** Generations in all. */
  generations: number;
  /** Number of the first, where several loads share a store; default 0. */
  from?: number;
  /** Generations at a time. */
  concurrency: number;
  /** Called at the end of each. */
  onEnd?: (ended: number) => void;
  /** Asks for no more; what is under way is followed to its end. */
  signal?: AbortSignal;
  /** How long each is followed, milliseconds; what has not ended by then is left to the audit. Default: 5 minutes. */
  patienceMs?: number;
}

export interface LoadResult {
  history: History;
  /** The end of each generation. */
  ends: Generation[];
  /** From asking to the end, milliseconds, one for each. */
  latenciesMs: number[];
  /** Milliseconds since the load began, of each end. */
  endedAtMs: number[];
  /** Calls that failed and had to be made again by the program, not by the client's retries: how many by reason or code. */
  failedCalls: Record<string, number>;
  /** Why some were not followed to their end: the audit tells what became of them. */
  abandoned: RpcError[];
}

export const TENANT = 'chaos';
/** Requests of one seed draw the same picture. */
const SEEDS = 10;
const PATIENCE_MS = 300_000;
/** Every so many requests are sent twice: a repetition is not another generation. */
const REPEAT_EVERY = 5;

const AGAIN = new Set<Code>([Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED, Code.DEADLINE_EXCEEDED]);

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const client = createClient(GenerationService, { address: options.target, name: 'chaos' });
  const result: LoadResult = {
    history: new History(),
    ends: [],
    latenciesMs: [],
    endedAtMs: [],
    failedCalls: {},
    abandoned: [],
  };
  const { history } = result;
  const { patienceMs = PATIENCE_MS } = options;
  const began = performance.now();
  let next = 0;

  /** `call`, made again while the mesh is away. */
  async function persistently<T>(call: () => Promise<T>): Promise<T> {
    const end = performance.now() + patienceMs;
    for (;;) {
      try {
        return await call();
      } catch (thrown) {
        const error = RpcError.from(thrown);
        if (!AGAIN.has(error.code) || performance.now() > end) throw error;
        const why = error.reason || Code[error.code] || '';
        result.failedCalls[why] = (result.failedCalls[why] ?? 0) + 1;
        await sleep(Math.max(200, error.retryAfterMs ?? 0));
      }
    }
  }

  async function one(index: number): Promise<void> {
    const asked = performance.now();
    const seed = index % SEEDS;
    const requestId = `seed-${seed}.${index}`;
    const request = {
      requestId,
      tenant: TENANT,
      prompt: 'A boat on an ocean',
      seed,
      size: 64,
      steps: 2,
      enhance: false,
    };
    let id = '';
    for (let times = index % REPEAT_EVERY === 0 ? 2 : 1; times > 0; times--) {
      const { generation } = await persistently(async () => await client.createGeneration(request));
      id = generation?.id ?? '';
      history.accepted(requestId, id);
    }
    let watches = 0;
    const end = await persistently(async () => {
      const observer = `${index}.${watches++}`;
      const watch = client.watchGeneration({ id, previews: false }, { timeoutMs: patienceMs });
      for await (const { event, sequence } of watch) {
        history.told(observer, id, sequence, event.case === 'finished');
        if (event.case !== 'snapshot' && event.case !== 'finished') continue;
        history.seen(String(index), event.value);
        if (event.case === 'finished') return event.value;
      }
      throw new RpcError(Code.UNAVAILABLE, 'a watch ended without finished');
    });
    result.ends.push(end);
    result.latenciesMs.push(performance.now() - asked);
    result.endedAtMs.push(performance.now() - began);
    options.onEnd?.(result.ends.length);
  }

  const worker = async (): Promise<void> => {
    while (next < options.generations && !options.signal?.aborted) {
      try {
        await one((options.from ?? 0) + next++);
      } catch (error) {
        result.abandoned.push(RpcError.from(error));
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: options.concurrency }, worker));
    return result;
  } finally {
    client.close();
  }
}
