import { expect, test } from 'vitest';
import { decode, type NextToken } from './decode.ts';

const [START, END, A, B, C] = [0, 1, 2, 3, 4];

/** A model that is a table: after these tokens, these probabilities of END, A, B and C. */
const model =
  (table: Record<string, number[]>): NextToken =>
  async (prefixes) =>
    prefixes.map((ids) => {
      const [end, a, b, c] = table[ids.slice(1).join('')] ?? [1, 0, 0, 0];
      return Float32Array.of(0, end as number, a as number, b as number, c as number).map(Math.log);
    });

const options = { start: START, end: END, window: 8, beams: 1 };

test('greedy decoding takes the likeliest token each time, up to the end', async () => {
  const next = model({ '': [0.1, 0.5, 0.4, 0], [A]: [0.2, 0.1, 0.1, 0.6], [`${A}${C}`]: [1, 0, 0, 0] });
  expect(await decode(next, options)).toEqual([A, C]);
});

test('more beams find the likelier whole', async () => {
  // B then C is likelier (0.4 · 0.9) than anything that begins with the likelier A (0.6 · 0.3).
  const next = model({ '': [0, 0.6, 0.4, 0], [A]: [0.1, 0.3, 0.3, 0.3], [B]: [0.1, 0, 0, 0.9] });
  expect(await decode(next, options)).toEqual([A, A]);
  expect(await decode(next, { ...options, beams: 2 })).toEqual([B, C]);
});

test('a text without end is cut at the window', async () => {
  const next: NextToken = async (prefixes) => prefixes.map(() => Float32Array.of(-9, -9, 0, -9, -9));
  expect(await decode(next, { ...options, window: 4 })).toEqual([A, A, A]);
});
