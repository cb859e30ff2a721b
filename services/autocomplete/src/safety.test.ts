import { setTimeout as sleep } from 'node:timers/promises';
import { create, PromptSafetyService, SafetyVerdictSchema } from '@atelier/contracts';
import { freePort } from '@atelier/local-mesh';
import { bind, createServer, type RpcServer } from '@atelier/rpc';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSafety, type Safety } from './safety.ts';

let server: RpcServer;
let safety: Safety;
let address = '';
let asked: string[][] = [];

beforeAll(async () => {
  address = `127.0.0.1:${await freePort()}`;
  const judge = bind(PromptSafetyService, {
    classifyPrompt: async () => ({}),
    async classifyPrompts({ prompts }) {
      asked.push(prompts);
      if (prompts.some((prompt) => prompt.includes('slow'))) await sleep(100);
      const verdicts = prompts.map((prompt) =>
        create(SafetyVerdictSchema, { allowed: !prompt.includes('blood') }),
      );
      return { verdicts };
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
  it('asks once about all texts, and never again', async () => {
    const texts = ['wall', 'blood moon', 'flag'].map((ending) => `one very big red ${ending}`);
    const judge = safety.judge('en');
    expect(await judge(texts)).toEqual([true, false, true]);
    expect(await judge([...texts.slice(1), 'a boat'])).toEqual([false, true, true]);
    expect(asked).toEqual([texts, ['a boat']]);
  });

  it('remembers an answer that came too late for who asks again', async () => {
    const hasty = createSafety({ address, timeoutMs: 1 });
    const judge = hasty.judge('en');
    expect(await judge(['a slow boat'])).toEqual([false]);
    await expect.poll(() => judge(['a slow boat'])).toEqual([true]);
    expect(asked).toEqual([['a slow boat']]); // nor while the first call was under way
    hasty.close();
  });

  it('gets answers in less time than a call with a deadline may have', async () => {
    const judge = safety.judge('en');
    await judge(['a boat on a lake']); // connected
    const hasty = createSafety({ address, timeoutMs: 90 });
    await expect.poll(() => hasty.judge('en')(['a boat at sea'])).toEqual([true]);
    hasty.close();
  });

  it('takes no answer for no', async () => {
    const away = createSafety({ address: '127.0.0.1:1', timeoutMs: 200 });
    expect(await away.judge('en')(['a boat', 'a dog'])).toEqual([false, false]);
    away.close();
  });
});
