import { describe, expect, it } from 'vitest';
import type { Classifier } from './classifier.ts';
import { loadJudges } from './judges.ts';
import { mutated, random } from './mutations.fixture.ts';
import { englishPolicy } from './policy/load.ts';
import { noScores } from './score.ts';
import { createScreener } from './screen.ts';
import { decide } from './verdict.ts';

const screener = createScreener(englishPolicy());

describe('screening', () => {
  it('answers any text, quickly', () => {
    const next = random(7);
    const alphabet = [
      ...'aeiklnst  ..--**@$!013',
      'ﬃ',
      '👩‍👩‍👧',
      '\u200d',
      '\ud83d',
      '\udc00',
      '\u0301',
      'ß',
      'İ',
      '漢',
      '\ufeff',
    ];
    for (let run = 0; run < 500; run++) {
      const text = Array.from({ length: next(120) }, () => alphabet[next(alphabet.length)]).join('');
      const { scores, findings } = screener.screen(text, run % 3 === 0 ? text : '');
      for (const value of Object.values(scores)) expect(value >= 0 && value <= 1).toBe(true);
      for (const { start, end } of findings)
        expect(start >= 0 && start < end && end <= [...text].length).toBe(true);
      screener.canRead(text);
    }
  }, 120_000);

  it.each([
    ['one long word', 'naked'.repeat(819)],
    ['single letters', 'a '.repeat(128)],
    ['dots', 'n.'.repeat(2_048)],
    ['masks', `${'k**l '.repeat(127)}x`],
    ['leet', '4'.repeat(4_096)],
    ['symbols', '@$!|'.repeat(1_024)],
    ['marks', `a${'\u0301'.repeat(4_095)}`],
    ['ligatures', '\ufdfa'.repeat(4_096)],
  ])(
    'takes less than a second of one core for the longest text of %s',
    (_, text) => {
      // Time on the core, not on the clock: whoever else is busy is not the point.
      const begun = process.cpuUsage();
      screener.screen(text, text);
      expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(1_000);
    },
    60_000,
  );
});

describe('a judge', () => {
  // Sure of harmless text whatever it reads: the worst that could join the rules.
  const classifier: Classifier = {
    language: 'en',
    identity: { name: 'test/prompt_safety', version: '1', sha256: '0'.repeat(64) },
    classify: async (texts) => texts.map(() => noScores(0)),
    close: async () => {},
  };

  it('has a verdict on each of 2,000 mutated prompts', async () => {
    const judge = loadJudges({ classifier }).forLanguage('en');
    const next = random(11);
    const { signal } = new AbortController();
    for (let run = 0; run < 2_000; run++) {
      const { prompt, negative = '' } = mutated(next);
      const verdict = decide(await judge.judge(prompt, negative, signal), judge.policy.thresholds);
      const exceeded = verdict.scores.some(({ score, threshold }) => score >= threshold);
      expect(verdict.allowed).toBe(!exceeded);
      expect(verdict.top.score >= 0 && verdict.top.score <= 1).toBe(true);
    }
  }, 240_000);
});
