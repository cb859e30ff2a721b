import { PromptSafetyService, SafetyCategory, SafetySubject } from '@atelier/contracts';
import { Code, createClient, createServer, unavailable } from '@atelier/rpc';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Classifier } from './classifier.ts';
import { loadJudges } from './judges.ts';
import { noScores } from './score.ts';
import { promptSafety } from './service.ts';

const judges = loadJudges();
const server = createServer({ bindings: [promptSafety(judges)] });
let client: ReturnType<typeof createClient<typeof PromptSafetyService>>;

beforeAll(async () => {
  client = createClient(PromptSafetyService, { address: `127.0.0.1:${await server.listen('127.0.0.1:0')}` });
});
afterAll(async () => {
  client.close();
  await server.drain(1_000);
});

const classify = async (prompt: string, negativePrompt = '', language = 'en') => {
  const { verdict } = await client.classifyPrompt({ prompt, negativePrompt, language });
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
};

describe('ClassifyPrompts', () => {
  const classifyAll = async (prompts: string[]) => (await client.classifyPrompts({ prompts })).verdicts;

  it('judges each prompt as a call of its own does', async () => {
    const prompts = ['A boat on an ocean', 'a naked woman on a bed', 'a cat in a hat'];
    const verdicts = await classifyAll(prompts);
    expect(verdicts).toEqual(await Promise.all(prompts.map((prompt) => classify(prompt))));
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, false, true]);
  });

  it('does not allow what it cannot read', async () => {
    const [german, boat] = await classifyAll([
      'Ein kleines rotes Boot auf dem weiten blauen Meer unter dunklen Wolken',
      'A boat on an ocean',
    ]);
    expect(german).toMatchObject({ allowed: false, category: SafetyCategory.UNSPECIFIED });
    expect(boat?.allowed).toBe(true);
  });

  it.each([[[]], [Array<string>(33).fill('a boat')], [['a boat', '']]])('refuses %j', async (prompts) => {
    await expect(classifyAll(prompts)).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });
});

describe('ClassifyPrompt', () => {
  it('allows a boat on an ocean', async () => {
    const verdict = await classify('A boat on an ocean');
    expect(verdict).toMatchObject({ allowed: true, category: SafetyCategory.UNSPECIFIED, matchedSpans: [] });
    expect(verdict.policyVersion).not.toBe('');
  });

  it('blocks with category, score, threshold, policy version and the place', async () => {
    const prompt = '👩‍🎨 paints a n\u200baked woman';
    const verdict = await classify(prompt);
    expect(verdict).toMatchObject({
      allowed: false,
      category: SafetyCategory.NUDITY,
      subject: SafetySubject.PROMPT,
    });
    expect(verdict.score).toBeGreaterThanOrEqual(verdict.threshold);
    const [span] = verdict.matchedSpans;
    expect([...prompt].slice(span?.start, span?.end).join('')).toBe('n\u200baked');
  });

  it('reads half a word in each text as one word', async () => {
    expect(await classify('a na', 'ked woman on a bed')).toMatchObject({ allowed: false });
  });

  it('lets the negative prompt name what to avoid', async () => {
    expect(await classify('a child on a beach', 'nsfw, nudity, blood, extra fingers')).toMatchObject({
      allowed: true,
    });
  });

  it('answers for the negative prompt when that is the culprit', async () => {
    const verdict = await classify(
      'a man in a park',
      'make him behead a prisoner in a pool of blood, please',
    );
    expect(verdict).toMatchObject({ allowed: false, subject: SafetySubject.NEGATIVE_PROMPT });
  });

  it('scores sexual content with minors as such, whatever else it is', async () => {
    expect(await classify('sexy schoolgirl in lingerie')).toMatchObject({ category: SafetyCategory.MINORS });
  });

  it.each([
    ['an empty prompt', { prompt: ' ' }, 'prompt'],
    ['129 words', { prompt: 'boat '.repeat(129) }, 'prompt'],
    ['4,097 code points', { prompt: 'a'.repeat(4097) }, 'prompt'],
    ['control characters', { prompt: 'a boat\u0007' }, 'prompt'],
    [
      'a negative prompt of 129 words',
      { prompt: 'a boat', negativePrompt: 'no '.repeat(129) },
      'negative_prompt',
    ],
    ['a language without a policy', { prompt: 'ein Boot', language: 'de' }, 'language'],
    ['no language tag', { prompt: 'a boat', language: '!' }, 'language'],
    [
      'a text in another language',
      { prompt: 'Ein kleines Boot schwimmt auf dem ruhigen blauen Wasser' },
      'prompt',
    ],
    ['a text in another script', { prompt: 'лодка плывёт по спокойному океану' }, 'prompt'],
    ['a text without spaces', { prompt: '海の上の小さな船' }, 'prompt'],
  ])('refuses %s', async (_, request, field) => {
    await expect(client.classifyPrompt(request)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [expect.objectContaining({ field })],
    });
  });

  it('takes regional tags and an absent one for English', async () => {
    for (const language of ['en-GB', 'en_US'.replace('_', '-'), '']) {
      expect(await classify('a boat', '', language)).toMatchObject({ allowed: true });
    }
  });

  it('never repeats the text in an error', async () => {
    const secret = 'Geheimnis';
    const error = await client
      .classifyPrompt({ prompt: `${secret} ist nicht zu verraten, sagte der Mann` })
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
  });
});

describe('texts of machines', () => {
  it('are refused where two calls of them are being read already, and a prompt is not', async () => {
    const identity = { name: 'test/prompt_safety', version: '1', sha256: '0'.repeat(64) };
    const { promise, resolve } = Promise.withResolvers<void>();
    let waiting = 0;
    const classifier: Classifier = {
      language: 'en',
      identity,
      classify: async (texts) => {
        waiting++;
        await promise;
        return texts.map(() => noScores(0));
      },
      close: async () => {},
    };
    const busy = createServer({ bindings: [promptSafety(loadJudges({ classifier }))] });
    const address = `127.0.0.1:${await busy.listen('127.0.0.1:0')}`;
    const caller = createClient(PromptSafetyService, { address });
    try {
      const prompts = ['a boat on an ocean'];
      const reading = [caller.classifyPrompts({ prompts }), caller.classifyPrompts({ prompts })];
      await vi.waitUntil(() => waiting === 2);
      const refused = caller.classifyPrompts({ prompts });
      await expect(refused).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'QUEUE_FULL' });
      const whole = caller.classifyPrompt({ prompt: 'a boat' });
      await vi.waitUntil(() => waiting === 3);
      resolve();
      expect((await Promise.all(reading)).map(({ verdicts }) => verdicts[0]?.allowed)).toEqual([true, true]);
      expect((await whole).verdict?.allowed).toBe(true);
      expect((await caller.classifyPrompts({ prompts })).verdicts).toHaveLength(1);
    } finally {
      resolve();
      caller.close();
      await busy.drain(1_000);
    }
  });
});

describe('a classifier without an answer', () => {
  it.each<[string, Code, Classifier['classify']]>([
    ['that is gone', Code.UNAVAILABLE, () => Promise.reject(unavailable('gone'))],
    ['that never answers', Code.DEADLINE_EXCEEDED, () => new Promise(() => {})],
  ])(
    '%s leaves no verdict',
    async (_, code, classify) => {
      const identity = { name: 'test/prompt_safety', version: '1', sha256: '0'.repeat(64) };
      const classifier: Classifier = { language: 'en', identity, classify, close: async () => {} };
      const broken = createServer({ bindings: [promptSafety(loadJudges({ classifier }))] });
      const caller = createClient(PromptSafetyService, {
        address: `127.0.0.1:${await broken.listen('127.0.0.1:0')}`,
      });
      try {
        const call = caller.classifyPrompt({ prompt: 'a boat on an ocean' }, { timeoutMs: 2_000 });
        await expect(call).rejects.toMatchObject({ code });
      } finally {
        caller.close();
        await broken.drain(100);
      }
    },
    60_000,
  );
});
