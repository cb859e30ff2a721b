import { InferenceError, tensor } from '@atelier/inference';
import { expect, test } from 'vitest';
import type { Conditioning } from './conditioning.ts';
import { Drawing, type DrawOrder } from './drawing.ts';
import { euler } from './samplers/euler.ts';
import { SchedulerConfigSchema } from './scheduler-config.ts';

const conditioning: Conditioning = {
  states: tensor('float32', [1, 2], Float32Array.of(1, 2)),
  mask: tensor('int64', [1], BigInt64Array.of(1n)),
  pooled: tensor('float32', [2], Float32Array.of(1, 2)),
};
const order: DrawOrder = {
  prompt: conditioning,
  negative: conditioning,
  seed: 1,
  guidance: 2,
  previewEvery: 0,
};
const canvas = { channels: 1, height: 4, width: 4, scale: 1 };
const config = SchedulerConfigSchema.parse({ prediction_type: 'sample' });

test('a step inside the guidance interval needs two rows, one outside a single one', () => {
  const plan = euler(config, 10);
  const drawing = new Drawing({ ...order, guidanceInterval: { low: 0.5, high: 10 } }, plan, canvas);
  const expected = plan.levels.slice(0, -1).map(({ noise }) => (noise > 0.5 && noise <= 10 ? 2 : 1));
  expect(new Set(expected)).toEqual(new Set([1, 2]));
  for (const [i, rows] of expected.entries()) {
    expect(drawing.rows).toBe(rows);
    expect(drawing.conditioning.states.dims[0]).toBe(rows);
    expect(drawing.rowsLeft).toBe(expected.slice(i).reduce((sum, count) => sum + count, 0));
    const input = new Float32Array(rows * 16);
    drawing.writeInput(input);
    drawing.advance(input);
  }
  expect(drawing.stepsLeft).toBe(0);
});

test('NaN from the network and from the sampler are errors, not pictures', () => {
  const ill = new Drawing({ ...order, guidance: 1 }, euler(config, 2), canvas);
  expect(() => ill.advance(new Float32Array(16).fill(Number.NaN))).toThrow(InferenceError);
  const plan = {
    ...euler(config, 1),
    step: (_: number, sample: Float32Array) => void sample.fill(Number.NaN),
  };
  const broken = new Drawing({ ...order, guidance: 1 }, plan, canvas);
  expect(() => broken.advance(new Float32Array(16))).toThrow(/sampler ended with NaN/);
});
