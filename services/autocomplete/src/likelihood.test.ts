import { describe, expect, it } from 'vitest';
import { logLikelihoods, sharedLength } from './likelihood.ts';

describe('logLikelihoods', () => {
  it('sums the log-probabilities of the tokens from one place on, in rows of any length', () => {
    // Two tokens; the logits of token 1 are log 3 after position 0 and 0 after position 1.
    const row = [0, Math.log(3), 0, 0, 0, 0];
    const logits = { data: Float32Array.from([...row, ...row]), rows: 2, length: 3, vocabulary: 2 };
    const [whole, short] = logLikelihoods(
      logits,
      [
        [0, 1, 1],
        [0, 0],
      ],
      1,
    );
    expect(whole).toBeCloseTo(Math.log(3 / 4) + Math.log(1 / 2));
    expect(short).toBeCloseTo(Math.log(1 / 4));
    expect(logLikelihoods(logits, [[0, 1, 1]], 2)[0]).toBeCloseTo(Math.log(1 / 2));
  });

  it('gives numbers for logits of any size', () => {
    const logits = { data: Float32Array.from([1e4, -1e4]), rows: 1, length: 1, vocabulary: 2 };
    expect(logLikelihoods(logits, [[0, 0]], 1)).toEqual([0]);
  });
});

describe('sharedLength', () => {
  it('counts the tokens that all rows begin with', () => {
    expect(
      sharedLength([
        [1, 2, 3],
        [1, 2, 4, 5],
        [1, 2],
      ]),
    ).toBe(2);
    expect(sharedLength([[1], [2]])).toBe(0);
  });
});
