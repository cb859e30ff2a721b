/**
 * `npm test`: the TypeScript tests by vitest, then the trainer's Python tests, then one line with both counts.
 * With arguments (`npm test -- libs/rpc`) only the TypeScript tests, and of those only the named.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnTeed } from './spawn-teed.ts';

interface Counts {
  passed: number;
  failed: number;
}

const root = join(import.meta.dirname, '..');

async function typescriptTests(filters: string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-test-'));
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await spawnTeed(process.execPath, [vitest, ...options, ...filters], root);
  try {
    if (!existsSync(report)) return { passed: 0, failed: 1 };
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    // A file that can't be loaded, or an error outside of any test, fails the run with no failed test.
    return { passed: numPassedTests, failed: code === 0 ? 0 : Math.max(1, numFailedTests) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The trainer's script makes its virtual environment on first use, and says so when it can't reach PyPI. */
async function trainerTests(): Promise<Counts> {
  const script = join(root, 'services/trainer/test.sh');
  if (!existsSync(script)) return { passed: 0, failed: 0 };
  const { code, output } = await spawnTeed('bash', [script], root);
  const count = (what: string) =>
    Number(new RegExp(`(\\d+) ${what}\\b`).exec(output.slice(-1_000))?.[1] ?? 0);
  return {
    passed: count('passed'),
    failed: code === 0 ? 0 : Math.max(1, count('failed') + count('errors?')),
  };
}

const filters = process.argv.slice(2);
const results = [await typescriptTests(filters)];
if (filters.length === 0) results.push(await trainerTests());
const sum = (key: keyof Counts) => results.reduce((total, counts) => total + counts[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
