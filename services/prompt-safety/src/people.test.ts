import { defaultBundlePath } from '@atelier/models';
import { composeScene } from '@atelier/scenes';
import { expect, test } from 'vitest';
import { loadJudges } from './judges.ts';
import { loadClassifier } from './model.ts';
import { thresholdsFor } from './thresholds.ts';
import { decide } from './verdict.ts';

/** Held out: training's scenes have seeds of 1,000,000 and above. */
const FIRST_SEED = 300_000;
const PORTRAITS = 300;

test('portraits that the starter can draw pass, whoever they show', async () => {
  const classifier = await loadClassifier(defaultBundlePath(), { threads: 1 });
  if (!classifier) throw new Error('the starter has no classifier');
  const judges = loadJudges({ classifier });
  try {
    const judge = judges.forLanguage('en');
    const texts: string[] = [];
    for (let seed = FIRST_SEED; texts.length < PORTRAITS; seed++) {
      const { domain, captions } = composeScene(seed);
      if (domain === 'portrait') texts.push(...captions.map(({ text }) => text));
    }
    const screenings = await judge.judgeAll(texts, () => true, new AbortController().signal);
    const thresholds = thresholdsFor(judge.policy, {}, 'test');
    const blocked = texts.filter(
      (_, i) => !decide(screenings[i] as (typeof screenings)[0], thresholds).allowed,
    );
    expect(blocked).toEqual([]);
  } finally {
    await judges.close();
  }
});
