import { Code } from '@atelier/rpc';
import { expect, test } from 'vitest';
import { dayOf, spend } from './quota.ts';

const late = Date.UTC(2026, 10, 28, 23, 59, 50);

test('a quota is spent to the last picture and comes back at midnight', () => {
  expect(spend(0, 8, 10, late)).toBe(8);
  expect(spend(8, 2, 10, late)).toBe(10);
  expect(() => spend(8, 3, 10, late)).toThrow(/2 are left/);
  try {
    spend(10, 1, 10, late);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'QUOTA_EXCEEDED',
      retryAfterMs: 10_000,
    });
  }
  expect([dayOf(late), dayOf(late + 10_000)]).toEqual(['2026-11-28', '2026-11-29']);
});
