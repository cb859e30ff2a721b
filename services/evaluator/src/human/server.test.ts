import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RATED_PROMPTS, readAnswers } from './answers.ts';
import { type Answer, ratingFigures } from './figures.ts';
import { answerOf, questionsOf, shown } from './questions.ts';
import { serveRating } from './server.ts';

let run: string;
const prompts = () =>
  Array.from({ length: 3 }, (_, i) => ({
    text: `prompt <${i}>`,
    candidate: join(run, `ours-${i}.png`),
    reference: join(run, `theirs-${i}.png`),
  }));

beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'atelier-rating-'));
  await writeFile(join(run, RATED_PROMPTS), JSON.stringify(prompts()));
  for (const { candidate, reference } of prompts()) {
    await writeFile(candidate, 'ours');
    await writeFile(reference, 'theirs');
  }
});
afterEach(() => rm(run, { recursive: true }));

/** A browser that likes pictures of `favourite`, and answers captions alike; stops after `most`. */
async function rate(address: string, favourite: string, most: number, cookie?: string) {
  let own = cookie;
  for (let i = 0; i < most; i++) {
    const page = await fetch(`http://${address}/`, own ? { headers: { cookie: own } } : {});
    own ??= page.headers.get('set-cookie')?.split(';')[0] as string;
    const html = await page.text();
    const id = /name="question" value="([0-9a-f]+)"/.exec(html)?.[1];
    if (!id) break;
    expect(html).not.toMatch(/candidate|reference|ours|theirs/);
    const left = await fetch(`http://${address}/picture/${id}/0`, { headers: { cookie: own } });
    const liked = (await left.text()) === favourite;
    const pair = html.includes('better drawn');
    const choice = pair ? (liked ? 'left' : 'right') : liked ? 'yes' : 'no';
    const answer = await fetch(`http://${address}/answer`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: own, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ question: id, choice }),
    });
    expect(answer.status).toBe(303);
  }
  return own as string;
}

test('people rate blindly, stop, and go on after a restart; the figures say what they liked', async () => {
  const first = await serveRating(run, '127.0.0.1:0');
  const cookie = await rate(first.address, 'ours', 4);
  await first.close();
  const second = await serveRating(run, '127.0.0.1:0');
  await rate(second.address, 'ours', 100, cookie);
  await rate(second.address, 'ours', 100);
  const done = await (await fetch(`http://${second.address}/`, { headers: { cookie } })).text();
  await second.close();
  expect(done).toContain('Thank you');
  const figures = ratingFigures(await readAnswers(run));
  expect(figures).toMatchObject({
    raters: 2,
    answers: 18,
    preferred: { value: 1 },
    accuracy: { candidate: { value: 100 }, reference: { value: 0 } },
    agreement: { accuracy: 1 },
  });
});

test('answers that no question has, and strangers, are refused', async () => {
  const server = await serveRating(run, '127.0.0.1:0');
  const post = async (body: Record<string, string>, cookie = '') =>
    (
      await fetch(`http://${server.address}/answer`, {
        method: 'POST',
        headers: { cookie },
        body: new URLSearchParams(body),
      })
    ).status;
  const [question] = questionsOf(prompts());
  const rater = `rater=${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`;
  expect(await post({ question: question?.id ?? '', choice: 'left' })).toBe(400);
  expect(await post({ question: question?.id ?? '', choice: 'yes' }, rater)).toBe(400);
  expect(await post({ question: 'f'.repeat(16), choice: 'left' }, rater)).toBe(400);
  expect(await post({ question: 'x'.repeat(5_000), choice: 'left' }, rater)).toBe(500);
  expect((await fetch(`http://${server.address}/picture/${'f'.repeat(16)}/0`)).status).toBe(404);
  await server.close();
  expect(await readAnswers(run)).toEqual([]);
});

test('sides differ from rater to rater, and answers say whose picture won', () => {
  const [pair] = questionsOf(prompts());
  if (!pair) throw new Error('no question');
  const lefts = Array.from({ length: 40 }, (_, i) => shown(pair, `rater-${i}`)[0]?.of);
  expect(lefts.filter((of) => of === 'candidate').length).toBeGreaterThan(10);
  expect(lefts.filter((of) => of === 'reference').length).toBeGreaterThan(10);
  for (const [i, of] of lefts.entries())
    expect(answerOf(pair, `rater-${i}`, 'left')?.value).toBe(of === 'candidate' ? 1 : 0);
});

test('a later answer of the same rater replaces the earlier one', () => {
  const answer: Answer = { rater: 'a', question: 'q', about: 'preference', value: 0 };
  const figures = ratingFigures([answer, { ...answer, value: 1 }]);
  expect(figures).toMatchObject({ answers: 1, preferred: { value: 1 }, agreement: { preference: null } });
  expect(ratingFigures([])).toBeUndefined();
});
