import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';
import { englishPolicy } from './policy/load.ts';
import { noScores } from './score.ts';
import type { Screening } from './screen.ts';

const policy = englishPolicy();
const screening = (change: Partial<Screening> = {}): Screening => ({
  scores: noScores(0),
  findings: [],
  present: new Set(),
  firm: new Set(),
  readings: [{ words: ['a', 'boat'], subject: 'prompt', length: 6 }],
  ...change,
});
const sureHarmless = noScores(policy.overrule.below / 2);
const unsure = noScores(policy.overrule.below);

describe('rules and classifier', () => {
  it('block what the classifier alone finds, and name the whole text as the place', () => {
    const { scores, findings } = combine(policy, screening(), [{ ...sureHarmless, illegal: 0.9 }]);
    expect(scores.illegal).toBe(0.9);
    expect(findings).toEqual([{ rule: 'illegal.classifier', subject: 'prompt', start: 0, end: 6 }]);
  });

  it('keep a rule that the classifier does not contradict', () => {
    const ruled = screening({ scores: { ...noScores(0), violence: 0.8 } });
    expect(combine(policy, ruled, [unsure]).scores.violence).toBe(0.8);
  });

  it('let a classifier that is sure overrule a lone weak rule', () => {
    const ruled = screening({ scores: { ...noScores(0), violence: 0.8 } });
    expect(combine(policy, ruled, [sureHarmless]).scores.violence).toBeLessThan(policy.thresholds.violence);
  });

  it('keep a firm rule, and those about minors, whatever the classifier says', () => {
    const scores = { ...noScores(0), violence: 0.8, minors: 0.7 };
    const combined = combine(policy, screening({ scores, firm: new Set(['violence']) }), [sureHarmless]);
    expect(combined.scores).toMatchObject({ violence: 0.8, minors: 0.7 });
  });

  it('call nudity with a minor what it is', () => {
    const combined = combine(policy, screening({ present: new Set(['minor']) }), [
      { ...unsure, nudity: 0.7 },
    ]);
    expect(combined.scores.minors).toBe(0.7);
  });

  it('name the negative prompt when only both texts together are unsafe', () => {
    const readings = [
      { words: ['a', 'man'], subject: 'prompt', length: 5 },
      { words: ['a', 'man', 'dying'], subject: 'negative', length: 7 },
    ] as const;
    const { findings } = combine(policy, screening({ readings }), [
      sureHarmless,
      { ...unsure, violence: 0.9 },
    ]);
    expect(findings).toEqual([{ rule: 'violence.classifier', subject: 'negative', start: 0, end: 7 }]);
  });
});
