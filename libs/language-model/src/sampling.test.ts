import { describe, expect, it } from 'vitest';
import { generate } from './generate.ts';
import { sample, softmax } from './sampling.ts';

const logits = Float32Array.of(Math.log(1), Math.log(6), Math.log(3));

describe('softmax', () => {
  it('gives probabilities at any size of logits, sharper when it is colder', () => {
    const near = (values: Float32Array, wanted: number[]) =>
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i] as number, 5);
      });
    near(softmax(logits), [0.1, 0.6, 0.3]);
    near(softmax(logits, 0.5), [1 / 46, 36 / 46, 9 / 46]);
    near(softmax(Float32Array.of(1e4, -1e4)), [1, 0]);
  });
});

describe('sample', () => {
  const draw = (u: number, topP = 1) => sample(logits, { temperature: 1, topP }, u);

  it('draws each token as often as it is likely', () => {
    const counts = [0, 0, 0];
    for (let i = 0; i < 1000; i++) (counts[draw(i / 1000)] as number)++;
    expect(counts.map((count) => Math.round(count / 10))).toEqual([10, 60, 30]);
  });

  it('leaves out the unlikely ones', () => {
    const drawn = new Set(Array.from({ length: 100 }, (_, i) => draw(i / 100, 0.7)));
    expect([...drawn].sort()).toEqual([1, 2]);
    expect(draw(0.99, 0.6)).toBe(1);
  });
});

describe('generate', () => {
  const model = {
    end: 0,
    next: async (ids: readonly number[]) =>
      Float32Array.from([0, 1, 2, 3], (id) => (id === (ids.at(-1) ?? 0) - 1 ? 9 : -9)),
  };
  const options = { temperature: 1, topP: 0.9, uniform: () => 0.5 };

  it('goes on to the end of the text or the limit', async () => {
    expect(await generate(model, [3], { ...options, maxTokens: 9 })).toEqual([2, 1]);
    expect(await generate(model, [3], { ...options, maxTokens: 1 })).toEqual([2]);
  });
});
