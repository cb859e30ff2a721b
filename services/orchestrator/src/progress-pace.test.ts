import { describe, expect, test } from 'vitest';
import { ProgressPace } from './progress-pace.ts';

/** The steps told of `steps` that end every `stepMs`. */
function told(steps: number, stepMs: number): number[] {
  const pace = new ProgressPace();
  return Array.from({ length: steps }, (_, i) => i + 1).filter((step) =>
    pace.due(step, steps, step * stepMs),
  );
}

describe('progress', () => {
  test('is told four times a second, and of the first and the last step', () => {
    expect(told(25, 50)).toEqual([1, 6, 11, 16, 21, 25]);
    expect(told(4, 1)).toEqual([1, 4]);
    expect(told(1, 1)).toEqual([1]);
  });

  test('is told of every step that takes longer', () => {
    expect(told(5, 300)).toEqual([1, 2, 3, 4, 5]);
  });
});
