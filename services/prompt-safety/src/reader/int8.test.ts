import { describe, expect, it } from 'vitest';
import { adapted, BLOCK, inBlocks, quantized } from './int8.ts';

const weight = (shape: readonly number[], values: readonly number[]) => ({
  shape,
  values: Float32Array.from(values),
});

describe('quantized', () => {
  const matrix = weight([2, 3], [1, -0.5, 0.25, 6.3, 0, -12.6]);

  it('keeps every value to half a step of its row', () => {
    const { codes, scales } = quantized(matrix, false);
    expect([...scales]).toEqual([expect.closeTo(1 / 63), expect.closeTo(0.2)]);
    for (const [i, value] of matrix.values.entries()) {
      const scale = scales[Math.floor(i / 3)] as number;
      expect(Math.abs((codes[i] as number) * scale - value)).toBeLessThanOrEqual(scale / 2 + 1e-6);
    }
  });

  it('lays the codes out by columns where that is asked for', () => {
    expect([...quantized(matrix, true).codes]).toEqual([63, 32, -31, 0, 16, -63]);
  });

  it('takes a row of zeros', () => {
    expect(quantized(weight([1, 2], [0, 0]), false)).toEqual({
      codes: Int8Array.of(0, 0),
      scales: Float32Array.of(1),
    });
  });
});

describe('inBlocks', () => {
  const columns = BLOCK + 2;
  const matrix = weight(
    [2, columns],
    Array.from({ length: 2 * columns }, (_, i) => Math.sin(i) * (i % columns < BLOCK ? 1 : 100)),
  );
  const { codes, scales, count } = inBlocks(matrix);

  it('keeps every value to half a step of its block, however large another block is', () => {
    expect([count, codes.length, scales.length]).toEqual([2, 4 * BLOCK, 4]);
    for (const [i, value] of matrix.values.entries()) {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const block = row * count + Math.floor(column / BLOCK);
      const scale = scales[block] as number;
      const code = codes[block * BLOCK + (column % BLOCK)] as number;
      expect(Math.abs((code - 128) * scale - value)).toBeLessThanOrEqual(scale / 2 + 1e-6);
      expect(scale).toBeLessThan(column < BLOCK ? 0.008 : 0.8);
    }
  });

  it('fills the last block up with zeros', () => {
    expect([...codes.subarray(BLOCK + 2, 2 * BLOCK)]).toEqual(new Array(BLOCK - 2).fill(128));
  });
});

describe('adapted', () => {
  it('adds the product of the two factors, and leaves the weight alone', () => {
    const base = weight([2, 2], [1, 2, 3, 4]);
    const down = weight([4, 2], [1, 0, 0, 1, 2, 0, 0, 3]);
    const up = weight([2, 4], [1, 2, 3, 4, 0, 0, 0, -1]);
    expect([...adapted(base, down, up).values]).toEqual([1 + 1 + 6, 2 + 2 + 12, 3, 4 - 3]);
    expect([...base.values]).toEqual([1, 2, 3, 4]);
  });

  it('refuses a rank that it can not add', () => {
    expect(() => adapted(weight([1, 1], [1]), weight([3, 1], [1, 1, 1]), weight([1, 3], [1, 1, 1]))).toThrow(
      /multiple of 4/,
    );
  });
});
