import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';

test('mutated messages kill no server, and none is called its fault', async () => {
  const { messages, crashes, codes, said } = await fuzz(10_000, 60_000, 7);
  expect(messages).toBeGreaterThan(500);
  expect({ crashes, said }).toEqual({ crashes: 0, said: [] });
  expect(codes.INTERNAL ?? 0).toBe(0);
  expect(codes.UNKNOWN ?? 0).toBe(0);
  // Otherwise nothing was tried.
  expect(codes.INVALID_ARGUMENT ?? 0).toBeGreaterThan(messages / 20);
}, 120_000);
