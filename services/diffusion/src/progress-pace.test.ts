import { describe, expect, test } from 'vitest';
import { ProgressPace } from './progress-pace.ts';

/** The steps told of `steps` that end every `stepMs`, four a second by default. */
function told(steps: number, stepMs: number, intervalMs = 250): number[] {
  const pace = new ProgressPace(intervalMs);
  return Array.from({ length: steps }, (_, i) => i + 1).filter((step) =>
    pace.due(step, steps, step * stepMs),
  );
}

describe('progress', () => {
  test('is told at the pace asked for, and of the first and the last step', () => {
    expect(told(25, 50)).toEqual([1, 6, 11, 16, 21, 25]);
    expect(told(4, 1)).toEqual([1, 4]);
    expect(told(1, 1)).toEqual([1]);
  });

  test('is told of every step that takes longer', () => {
    expect(told(5, 300)).toEqual([1, 2, 3, 4, 5]);
    expect(told(5, 1, 0)).toEqual([1, 2, 3, 4, 5]);
  });
});
