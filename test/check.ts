/** `npm run check`: everything CI asks for. All static checks run, so that one round shows all there is to mend. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnTeed, type Teed } from './spawn-teed.ts';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const run = (command: string, ...args: string[]): Promise<Teed> => spawnTeed(command, args, root);

/** Whether the committed contracts are what the protos generate. */
async function contractsAreGenerated(): Promise<Teed> {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-gen-'));
  try {
    const generated = await run(bin('buf'), 'generate', '--output', folder);
    if (generated.code !== 0) return generated;
    const contracts = 'libs/contracts/src/gen';
    return await run('diff', '-rq', join(folder, contracts), contracts);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether clients built on the main branch can go on talking to these contracts. */
async function contractsAreCompatible(): Promise<Teed> {
  for (const ref of ['main', 'origin/main']) {
    const known = await run('git', 'rev-parse', '--quiet', '--verify', `${ref}:proto`);
    if (known.code === 0) return await run(bin('buf'), 'breaking', '--against', `.git#ref=${ref}`);
  }
  return { code: 0, output: 'no branch main to compare with' };
}

const checks: [string, () => Promise<Teed>][] = [
  ['format and lint', () => run(bin('biome'), 'ci')],
  ['types', () => run(bin('tsc'))],
  ['types of the page', () => run(bin('tsc'), '--project', 'services/web/page')],
  ['proto lint', () => run(bin('buf'), 'lint')],
  ['proto format', () => run(bin('buf'), 'format', '--diff', '--exit-code')],
  ['generated contracts', contractsAreGenerated],
  ['compatible contracts', contractsAreCompatible],
];

const failed: string[] = [];
for (const [name, check] of checks) {
  console.log(`── ${name}`);
  if ((await check()).code !== 0) failed.push(name);
}
console.log('── tests');
if ((await run(process.execPath, 'test/run.ts')).code !== 0) failed.push('tests');
console.log(failed.length === 0 ? '\ncheck passed' : `\ncheck failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
