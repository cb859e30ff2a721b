import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measureBaseline } from './baseline.ts';

const model = (file: string): string => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));

test('times each graph for its runs', async () => {
  const graphs = [1, 40].map((runs) => ({
    name: `x${runs}`,
    model: model('affine.onnx'),
    shapes: { x: [5000, 4] },
    runs,
  }));
  const { onnxMs, graphs: times } = await measureBaseline(graphs, { threads: 1 });
  expect(times.x40).toBeGreaterThan(times.x1 ?? Number.NaN);
  expect(onnxMs).toBeCloseTo((times.x1 ?? 0) + (times.x40 ?? 0));
});

test('a graph that cannot be opened is named', async () => {
  const graphs = [{ name: 'denoiser', model: 'absent.onnx', shapes: {}, runs: 1 }];
  await expect(measureBaseline(graphs, { threads: 1 })).rejects.toThrow(/"denoiser".*absent\.onnx/);
});
