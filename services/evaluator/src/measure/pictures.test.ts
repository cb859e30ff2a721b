import { createRandom } from '@atelier/scenes';
import { describe, expect, it } from 'vitest';
import { compare, decide } from '../verdict.ts';
import { comparisonsOf, type Outcome } from './pictures.ts';

const PROMPTS = 40;
const random = createRandom('pictures');
const cloud = (centre: number): Float32Array =>
  Float32Array.from({ length: 3 }, () => centre + random.range(-1, 1));
const embedding = Float32Array.from([1, 0]);
const outcomes = (centre: number): Outcome[] =>
  Array.from({ length: PROMPTS }, (_, seed) => ({
    prompt: { text: 'a boat', seed } as Outcome['prompt'],
    record: { state: 'drawn' } as unknown as Outcome['record'],
    look: { embedding, features: cloud(centre), attributes: {} } as unknown as NonNullable<Outcome['look']>,
  }));
const captions = Array.from({ length: PROMPTS }, () => embedding);
const features = Array.from({ length: 200 }, () => cloud(0));

describe('a candidate whose pictures only come nearer to the reference', () => {
  const verdict = (fitsPrompts: boolean) => {
    const { count, comparisons } = comparisonsOf(outcomes(1), outcomes(3), captions, {
      features,
      fitsPrompts,
    });
    return decide(count, compare(count, comparisons), [], {});
  };

  it('is promoted where the reference is of its prompts', () => {
    expect(verdict(true)).toEqual({ decision: 'promote', reasons: [], better: ['fid'] });
  });

  it('is refused where the reference is of something else', () => {
    expect(verdict(false)).toMatchObject({ decision: 'refuse', better: [] });
  });
});
