import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openBaseline } from './baseline.ts';

const model = (file: string): string => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));

test('times each graph for its runs', async () => {
  const graphs = [1, 40].map((runs) => ({
    name: `x${runs}`,
    model: model('affine.onnx'),
    shapes: { x: [5000, 4] },
    runs,
  }));
  const baseline = await openBaseline(graphs, { threads: 1 });
  const { onnxMs, graphs: times } = await baseline.measure();
  await baseline.close();
  expect(times.x40).toBeGreaterThan(times.x1 ?? Number.NaN);
  expect(onnxMs).toBeCloseTo((times.x1 ?? 0) + (times.x40 ?? 0));
});

test('a graph that cannot be opened is named', async () => {
  const graphs = [{ name: 'denoiser', model: 'absent.onnx', shapes: {}, runs: 1 }];
  await expect(openBaseline(graphs, { threads: 1 })).rejects.toThrow(/"denoiser".*absent\.onnx/);
});
