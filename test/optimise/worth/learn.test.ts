import { expect, it } from 'vitest';
import { worthOf } from '../../../services/prompt-enhancement/src/worth.ts';
import { learnWorth } from './learn.ts';
import type { Trial } from './trials.ts';

const trials = (domain: Trial['domain'], phrase: string, gains: readonly number[]): Trial[] =>
  gains.map((gain) => ({ domain, phrase, gain }));
const often = (gain: number, times = 1_000): number[] => Array.from({ length: times }, () => gain);

it('finds what each word did where phrases share words', () => {
  const worth = worthOf(
    learnWorth([
      ...trials('landscape', 'at sunset', often(0.3)),
      ...trials('landscape', 'at night', often(-0.1)),
      ...trials('landscape', 'sunset sky', often(0.2)),
      ...trials('landscape', 'in the night sky', often(-0.2)),
    ]),
  );
  expect(worth('landscape')?.('in the sunset')).toBeCloseTo(0.3, 2);
  expect(worth('landscape')?.('a night sky')).toBeCloseTo(-0.2, 2);
});

it('believes little of what was tried seldom, nothing of what was tried hardly ever, and keeps domains apart', () => {
  const learnt = learnWorth([
    ...Array.from({ length: 500 }, (_, i) => trials('portrait', `word${i}`, [0])).flat(),
    ...trials('portrait', 'smiling', often(1, 10)),
    ...trials('portrait', 'asleep', often(1, 3)),
    ...trials('abstract', 'smiling', often(-1)),
  ]);
  expect(learnt.portrait?.words.smiling).toBeCloseTo(0.5, 1);
  expect(learnt.portrait?.words.asleep).toBeUndefined();
  expect(worthOf(learnt)('abstract')?.('smiling')).toBeCloseTo(-1, 1);
  expect(worthOf(learnt)('portrait')?.('asleep')).toBe(0);
  expect(worthOf(learnt)('other')).toBeUndefined();
});
