/** `npm run bench -- <name> [--json]`: one measurement, its figures on standard output. */
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';

const BENCHMARKS: Record<string, () => Promise<{ benchmark: Benchmark }>> = {
  responsiveness: () => import('./responsiveness.ts'),
  overhead: () => import('./overhead.ts'),
  batching: () => import('./batching.ts'),
  load: () => import('./load.ts'),
  overload: () => import('./overload.ts'),
  cancel: () => import('./cancel.ts'),
  startup: () => import('./startup.ts'),
  memory: () => import('./memory.ts'),
  starter: () => import('./starter.ts'),
  autocomplete: () => import('./autocomplete.ts'),
  enhancement: () => import('./enhancement.ts'),
  safety: () => import('./safety.ts'),
  harm: () => import('./harm.ts'),
  fairness: () => import('./fairness.ts'),
  'safety-fuzz': () => import('./safety-fuzz.ts'),
  'wire-fuzz': () => import('./wire-fuzz.ts'),
  data: () => import('./data.ts'),
  optimise: () => import('./optimise.ts'),
  insights: () => import('./insights.ts'),
  watermark: () => import('./watermark.ts'),
  capacity: () => import('./capacity.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const load = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;

if (load && positionals.length === 1) {
  const { benchmark } = await load();
  console.error(benchmark.about);
  const figures = await benchmark.run((line) => console.error(line));
  if (values.json) console.log(JSON.stringify({ benchmark: name, ...figures }));
  else for (const [key, value] of Object.entries(figures)) console.log(`${key.padEnd(24)} ${show(value)}`);
} else {
  console.error(`usage: npm run bench -- <${Object.keys(BENCHMARKS).join('|')}> [--json]`);
  process.exitCode = 2;
}

function show(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
