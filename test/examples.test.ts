/** The documented examples, each run as its README says, against a real mesh. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoggedMesh, startAll } from './mesh.ts';
import { PYTHON, pythonHas } from './python.ts';

const ROOT = join(import.meta.dirname, '..');
const PATIENCE_MS = 120_000;

let mesh: LoggedMesh;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-examples-'));
  mesh = await startAll();
}, PATIENCE_MS);
afterAll(async () => {
  await mesh?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Run a program in the test's folder, with the mesh's addresses. */
async function run(command: string, ...args: string[]) {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...mesh.env } });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

const example = (name: string, ...args: string[]) =>
  run(process.execPath, join(ROOT, 'libs/client/examples', name), ...args);

/** Width and height in a PNG's header, pixels. */
async function sizeOf(file: string): Promise<[number, number]> {
  const png = await readFile(join(folder, file));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe('TypeScript', { timeout: PATIENCE_MS }, () => {
  it('every example is run here', async () => {
    const programs = (await readdir(join(ROOT, 'libs/client/examples'))).filter((file) =>
      file.endsWith('.ts'),
    );
    expect(programs.sort()).toEqual(['cancel.ts', 'generate.ts', 'suggest.ts', 'variations.ts', 'watch.ts']);
  });

  it('generate.ts writes a picture', async () => {
    expect(await example('generate.ts', 'A boat on an ocean', 'boat.png')).toEqual({
      code: 0,
      output: 'boat.png: 1024 × 1024, seed 7\n',
    });
    expect(await sizeOf('boat.png')).toEqual([1024, 1024]);
  });

  it('watch.ts tells stages, steps and previews', async () => {
    const { code, output } = await example('watch.ts', 'A red house on a hill at night', 'previews/');
    expect(output).toMatch(/diffusion …[\s\S]*step \d+ of \d+[\s\S]*finished: images\n$/);
    expect(code).toBe(0);
    expect((await readdir(join(folder, 'previews'))).length).toBeGreaterThan(0);
  });

  it('variations.ts draws others from a picture', async () => {
    const { code, output } = await example('variations.ts', 'A tree in a meadow', 'variations/');
    expect([code, output]).toEqual([0, 'variations/variation-0.png\nvariations/variation-1.png\n']);
    const [original, first, second] = await Promise.all(
      ['original', 'variation-0', 'variation-1'].map((name) =>
        readFile(join(folder, `variations/${name}.png`)),
      ),
    );
    expect(first?.equals(original as Buffer)).toBe(false);
    expect(first?.equals(second as Buffer)).toBe(false);
  });

  it('cancel.ts stops between two steps', async () => {
    const { code, output } = await example('cancel.ts');
    expect(output).toMatch(/^cancelled after step \d+ of 200\n$/);
    expect(code).toBe(0);
  });

  it('suggest.ts completes, and shows a refusal', async () => {
    const { code, output } = await example('suggest.ts', 'A do');
    expect(output).toMatch(/^A do: A do\S.*\|/m);
    expect(output).toMatch(/^INVALID_ARGUMENT: limit must be 1 to 20/m);
    expect(code).toBe(0);
  });
});

const hasGrpc = pythonHas('grpc', 'grpc_tools');
if (!hasGrpc)
  console.log(
    `Python example skipped: ${PYTHON} has no grpcio-tools (.ci/tools installs it; ATELIER_PYTHON)`,
  );

describe.skipIf(!hasGrpc)('Python', { timeout: PATIENCE_MS }, () => {
  const generate = (...args: string[]) => run(PYTHON, join(ROOT, 'examples/python/generate.py'), ...args);

  it('generate.py writes a picture', async () => {
    const { code, output } = await generate(
      'A boat on an ocean',
      '--seed',
      '7',
      '--size',
      '256',
      '--out',
      'py.png',
    );
    expect(output).toMatch(/step \d+ of \d+[\s\S]*py\.png: 256 x 256, seed 7\n$/);
    expect(code).toBe(0);
    expect(await sizeOf('py.png')).toEqual([256, 256]);
  });

  it('generate.py tells a refusal', async () => {
    const { code, output } = await generate(' ');
    expect(output).toContain('INVALID_ARGUMENT');
    expect(code).toBe(1);
  });
});
