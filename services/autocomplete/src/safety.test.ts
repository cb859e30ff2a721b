import { create, PromptSafetyService, SafetyVerdictSchema } from '@atelier/contracts';
import { freePort } from '@atelier/local-mesh';
import { bind, createServer, type RpcServer } from '@atelier/rpc';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allAtOnce, createSafety, type Safety } from './safety.ts';

/** Scores by word; a text's is its worst word's. */
const SCORES: Record<string, number> = { knife: 0.2, blood: 0.9 };
const THRESHOLD = 0.5;

let server: RpcServer;
let safety: Safety;
let asked: string[] = [];

beforeAll(async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const judge = bind(PromptSafetyService, {
    async classifyPrompt({ prompt }) {
      asked.push(prompt);
      const score = Math.max(0, ...prompt.split(/\W+/).map((word) => SCORES[word] ?? 0));
      const scores = [{ score, threshold: THRESHOLD }];
      return {
        verdict: create(SafetyVerdictSchema, {
          allowed: score < THRESHOLD,
          score,
          threshold: THRESHOLD,
          scores,
        }),
      };
    },
  });
  server = createServer({ bindings: [judge] });
  await server.listen(address);
  server.setServing(true);
  safety = createSafety({ address, timeoutMs: 30_000 });
});
afterAll(async () => {
  safety.close();
  await server.drain(1_000);
});
beforeEach(() => {
  asked = [];
});

describe('createSafety', () => {
  it('asks once about all texts where nothing is even suspicious, and remembers', async () => {
    const judge = safety.judge('en');
    expect(await judge(['a red boat at sea', 'a red boat on ice'], 'a red boat ')).toEqual([true, true]);
    expect(asked).toEqual(['a red boat at sea. a red boat on ice']);
    expect(await judge(['a red boat on ice'], 'a red boat ')).toEqual([true]);
    expect(asked).toHaveLength(1);
  });

  it('asks about each by itself where something might be', async () => {
    expect(
      await safety.judge('en')(['on a red knife', 'on a red wall', 'on a red blood moon'], 'on a red '),
    ).toEqual([true, true, false]);
    expect(asked.slice(1).sort()).toEqual(['on a red blood moon', 'on a red knife', 'on a red wall']);
  });

  it('takes no answer for no', async () => {
    const away = createSafety({ address: '127.0.0.1:1', timeoutMs: 200 });
    expect(await away.judge('en')(['a boat', 'a dog'], '')).toEqual([false, false]);
    away.close();
  });
});

describe('allAtOnce', () => {
  it('keeps the last words of the prefix before each continuation', () => {
    const prefix = 'one two three four five ';
    expect(allAtOnce([`${prefix}six`, `${prefix}seven`], prefix)).toBe(
      'one two three four five six. two three four five seven',
    );
    expect(allAtOnce(['by a big house', 'by a big horse'], 'by a big ho')).toBe(
      'by a big house. by a big horse',
    );
  });

  it('is no question where it would be too long or the prefix is short', () => {
    expect(allAtOnce(['a house', 'a horse'], 'a ho')).toBeUndefined();
    const prefix = 'boat '.repeat(126);
    expect(allAtOnce([`${prefix}at sea`, `${prefix}on ice`], prefix)).toBeUndefined();
  });
});
