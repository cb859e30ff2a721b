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
  const boats = ['sea', 'ice', 'sand'].map((place) => `one small red boat on ${place}`);

  it('asks about the first and about all others where nothing is even suspicious, and remembers', async () => {
    const judge = safety.judge('en');
    expect(await judge(boats, 'one small red boat ')).toEqual([true, true, true]);
    expect(asked.sort()).toEqual([
      'one small red boat on ice. one small red boat on sand',
      'one small red boat on sea',
    ]);
    expect(await judge(boats.slice(1), 'one small red boat ')).toEqual([true, true]);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [
      ['knife', 'wall', 'flag'],
      [true, true, true],
    ],
    [
      ['wall', 'blood moon', 'flag'],
      [true, false, true],
    ],
  ])('asks about each by itself where something might be: %j', async (endings, verdicts) => {
    const texts = endings.map((ending) => `one very big red ${ending}`);
    expect(await safety.judge('en')(texts, 'one very big red ')).toEqual(verdicts);
    expect(new Set(asked)).toEqual(new Set([...texts, expect.stringContaining('. ')]));
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
    expect(allAtOnce(['dogs run by a big house', 'dogs run by a big horse'], 'dogs run by a big ho')).toBe(
      'dogs run by a big house. by a big horse',
    );
  });

  it('is no question where it would be too long or the prefix is short', () => {
    expect(allAtOnce(['a house', 'a horse'], 'a ho')).toBeUndefined();
    const prefix = 'boat '.repeat(126);
    expect(allAtOnce([`${prefix}at sea`, `${prefix}on ice`], prefix)).toBeUndefined();
  });
});
