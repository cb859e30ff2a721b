import { expect, test } from 'vitest';
import { windowsOf } from './safety.ts';

const words = (count: number): string[] => Array.from({ length: count }, (_, i) => `word${i}`);

test.each([1, 7, 12, 13, 18, 19, 40])('of %d words any seven in a row are judged together', (count) => {
  const text = words(count);
  const windows = windowsOf(` ${text.join(' \n')}`);
  for (const window of windows) expect(window.split(' ').length).toBeLessThanOrEqual(12);
  const together = Math.min(7, count);
  for (let first = 0; first + together <= count; first++) {
    const clause = text.slice(first, first + together).join(' ');
    expect(windows.some((window) => `${window} `.includes(`${clause} `))).toBe(true);
  }
  // Asking costs: no window lies in another.
  expect(windows).toHaveLength(Math.max(1, Math.ceil(count / 6) - 1));
});

test('nothing to judge, and words without end', () => {
  expect(windowsOf(' \u0007 ')).toEqual([]);
  expect(windowsOf('a'.repeat(10_000))).toEqual(['a'.repeat(4_096)]);
});
