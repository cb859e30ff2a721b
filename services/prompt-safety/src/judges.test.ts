import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unavailable } from '@atelier/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from './classifier.ts';
import { loadJudges } from './judges.ts';
import { loadClassifier } from './model.ts';
import { noScores } from './score.ts';

const identity = { name: 'test/prompt_safety', version: '1', sha256: '0'.repeat(64) };
const signal = new AbortController().signal;

/** Finds crime in every text that says "ledger". */
const classifier: Classifier = {
  language: 'en',
  identity,
  classify: async (texts) =>
    texts.map((words) => ({ ...noScores(0), illegal: words.includes('ledger') ? 0.9 : 0.01 })),
  close: async () => {},
};

describe('a judge with a classifier', () => {
  const judge = loadJudges({ classifier }).forLanguage('en');

  it('asks it, and says which it was', async () => {
    expect((await judge.judge('a man with two ledgers', '', signal)).scores.illegal).toBe(0.01);
    expect((await judge.judge('a man with a second ledger', '', signal)).scores.illegal).toBe(0.9);
    expect((await judge.judge('a man', '', signal)).judgedBy).toEqual(identity);
  });

  it('shows it the text with its disguises lifted, and a negative prompt in prose with it', async () => {
    expect((await judge.judge('a man with a l.e.d.g.e.r', '', signal)).scores.illegal).toBe(0.9);
    expect((await judge.judge('a man', 'who hides a second ledger', signal)).scores.illegal).toBe(0.9);
    expect((await judge.judge('a man', 'ledger, blurry', signal)).scores.illegal).toBe(0.01);
  });

  it('has no verdict when the classifier has none', async () => {
    const gone = { ...classifier, classify: () => Promise.reject(unavailable('gone')) };
    const broken = loadJudges({ classifier: gone }).forLanguage('en');
    await expect(broken.judge('a boat', '', signal)).rejects.toThrow('gone');
  });

  it('asks a reader about one prompt, and about those of many that the quick classifier lets pass', async () => {
    const asked: string[] = [];
    const reader: Classifier = {
      ...classifier,
      identity: { ...identity, name: 'test/prompt_reader' },
      classify: async (texts) => {
        asked.push(...texts.map((words) => words.join(' ')));
        return texts.map(() => noScores(0.6));
      },
    };
    const both = loadJudges({ classifier, reader }).forLanguage('en');
    const read = await both.judge('a boat', '', signal);
    expect([read.scores.illegal, read.judgedBy?.name]).toEqual([0.6, 'test/prompt_reader']);
    const prompts = ['a second ledger', 'two boats'];
    const judged = await both.judgeAll(prompts, ({ scores }) => scores.illegal < 0.5, signal);
    expect(judged.map(({ scores }) => scores.illegal)).toEqual([0.9, 0.6]);
    expect(asked).toEqual(['a boat', 'two boats']);
  });

  it('leaves a classifier of another language out', async () => {
    const german = loadJudges({ classifier: { ...classifier, language: 'de' } });
    expect((await german.forLanguage('en').judge('a ledger', '', signal)).judgedBy).toBeUndefined();
  });
});

describe('a bundle', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-bundle-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const write = (roles: object) =>
    writeFile(
      join(folder, 'atelier.json'),
      JSON.stringify({ name: 'test', version: '1', licence: 'Apache-2.0', languages: ['en'], roles }),
    );

  it('without the role has no classifier', async () => {
    await write({});
    expect(await loadClassifier(folder, {})).toBeUndefined();
  });

  it('with the role and a damaged file is refused', async () => {
    await writeFile(join(folder, 'model.onnx'), 'not a model');
    const model = { path: 'model.onnx', sha256: '0'.repeat(64), bytes: 11 };
    await write({ prompt_safety: { files: { model }, config: {} } });
    await expect(loadClassifier(folder, {})).rejects.toThrow(/model\.onnx/);
  });
});
