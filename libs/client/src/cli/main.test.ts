import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mesh, SERVICES, startMesh } from '@atelier/local-mesh';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { readSpanFile } from '@atelier/process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from './report.ts';

/** The command starts everything but the page. */
const NEEDED = SERVICES.map(({ name }) => name).filter((name) => name !== 'web');
const COMMAND = fileURLToPath(new URL('../../bin/atelier.mjs', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-cli-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

interface Run {
  child: ChildProcess;
  /** Everything written so far. */
  out(): string;
  err(): string;
  done: Promise<number | null>;
}

function atelier(args: string[], env: Record<string, string> = {}): Run {
  const { ATELIER_ADDRESS: _, NATS_URL: __, ...rest } = process.env;
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...rest, ATELIER_MODEL_BUNDLE: tinyBundlePath, INIT_CWD: folder, ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  return {
    child,
    out: () => out,
    err: () => err,
    done: once(child, 'close').then(([code]) => code as number | null),
  };
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Process ids of the services, which their logs tell. */
const pidsIn = (log: string): number[] => [
  ...new Set([...log.matchAll(/"pid":(\d+)/g)].map(([, pid]) => Number(pid))),
];

describe('the command on its own', () => {
  it('starts a mesh, draws, writes a picture and one trace of all services, and leaves nothing running', async () => {
    const traceFile = join(folder, 'trace.jsonl');
    const run = atelier(['A boat on an ocean', '--seed', '7', '--json'], {
      ATELIER_TRACE_FILE: traceFile,
      ATELIER_VERBOSE: '1',
    });
    expect(await run.done, run.err()).toBe(0);
    const lines = run.out().trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    const report = JSON.parse(lines[0] as string) as Report;
    expect(report).toMatchObject({ state: 'SUCCEEDED', width: 1024, height: 1024, seed: 7 });
    expect(report.path).toBe(join(folder, 'out/a-boat-on-an-ocean-7.png'));
    expect(report.enhancedPrompt).toMatch(/^A boat on an ocean ./);
    for (const { ms } of report.stages) expect(ms).toBeGreaterThanOrEqual(0);

    const png = await readFile(report.path as string);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024]);

    const spans = readSpanFile(traceFile, report.traceId);
    const services = new Set(spans.map(({ service }) => service));
    expect([...services].sort()).toEqual(['client', ...NEEDED].sort());
    expect(spans.filter(({ parentSpanId }) => parentSpanId === '').map(({ name }) => name)).toEqual([
      'generate',
    ]);

    const pids = pidsIn(run.err());
    expect(pids).toHaveLength(NEEDED.length);
    expect(pids.filter(alive)).toEqual([]);
  }, 180_000);

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'leaves nothing running after %s',
    async (signal) => {
      const run = atelier(['A boat on an ocean', '--steps', '1000'], { ATELIER_VERBOSE: '1' });
      while (!/step \d{2,} of/.test(run.err())) {
        expect(run.child.exitCode, run.err()).toBeNull();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      run.child.kill(signal);
      expect(await run.done).toBe(signal === 'SIGINT' ? 130 : null);
      const pids = pidsIn(run.err());
      for (let i = 0; i < 500 && pids.some(alive); i++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(pids).toHaveLength(NEEDED.length);
      expect(pids.filter(alive)).toEqual([]);
    },
    180_000,
  );

  it('explains wrong use', async () => {
    const run = atelier(['A boat', '--steps', '0']);
    expect(await run.done).toBe(2);
    expect(run.err()).toMatch(/^--steps must be an integer from 1 to 1000\n\nUsage: /);
    expect(run.out()).toBe('');
  }, 60_000);
});

describe('the command with a mesh at ATELIER_ADDRESS', () => {
  let mesh: Mesh;

  beforeAll(async () => {
    mesh = await startMesh({
      freePorts: true,
      nats: { url: '' },
      env: { ATELIER_MODEL_BUNDLE: tinyBundlePath },
    });
  }, 120_000);
  afterAll(async () => await mesh?.stop());

  it('gives the same bytes for the same seed, others for another, and as many as are asked for', async () => {
    const draw = async (...args: string[]) => {
      const run = atelier(['two red circles', '--json', ...args], mesh.env);
      expect(await run.done, run.err()).toBe(0);
      return await Promise.all(
        (JSON.parse(run.out()) as Report).paths.map(async (path) => await readFile(path)),
      );
    };
    const [first] = await draw('--seed', '1', '--out', 'first.png');
    const several = await draw('--seed', '1', '--count', '2', '--out', 'several.png');
    expect(several).toHaveLength(2);
    expect(several[0]).toEqual(first);
    expect(several[1]).not.toEqual(first);
  }, 120_000);

  it('verifies what it drew, says how it was made, and refuses it once it was changed', async () => {
    const drawn = atelier(
      ['two red circles', '--seed', '2', '--size', '64', '--out', 'signed.png'],
      mesh.env,
    );
    expect(await drawn.done, drawn.err()).toBe(0);
    const verify = async (...args: string[]) => {
      const run = atelier(['verify', ...args]);
      return { status: await run.done, out: run.out(), err: run.err() };
    };
    const { status, out } = await verify('signed.png', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      trusted: true,
      claim: { source: 'trainedAlgorithmicMedia', generator: expect.stringMatching(/^Atelier /) },
    });
    expect(out).not.toContain('circles');
    const bytes = await readFile(join(folder, 'signed.png'));
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] as number) ^ 1;
    await writeFile(join(folder, 'changed.png'), bytes);
    expect(await verify('changed.png')).toMatchObject({
      status: 1,
      out: expect.stringContaining('does NOT hold: assertion.dataHash.mismatch'),
    });
    expect(await verify()).toMatchObject({
      status: 2,
      err: expect.stringContaining('Usage: npm run verify'),
    });
    expect(await verify('absent.png')).toMatchObject({ status: 1, err: expect.stringContaining('ENOENT') });
  }, 120_000);

  it('begins from a picture of its own, and names a file that is not there', async () => {
    const draw = async (...args: string[]) => {
      const run = atelier(['two red circles', '--seed', '1', '--size', '64', ...args], mesh.env);
      return { status: await run.done, complaint: run.err() };
    };
    expect(await draw('--out', 'one.png')).toMatchObject({ status: 0 });
    const begin = await draw('--init', 'one.png', '--mask', 'one.png', '--out', 'two.png');
    expect(begin).toMatchObject({ status: 0 });
    const begun = await readFile(join(folder, 'two.png'));
    expect(begun.equals(await readFile(join(folder, 'one.png')))).toBe(false);
    const { status, complaint } = await draw('--init', 'absent.png');
    expect(status).toBe(1);
    expect(complaint).toContain('--init: absent.png cannot be read (ENOENT)');
  }, 120_000);

  it('ends with status 3 and the verdict for a blocked prompt', async () => {
    const run = atelier(['a naked woman', '--json'], mesh.env);
    expect(await run.done).toBe(3);
    const report = JSON.parse(run.out()) as Report;
    expect(report).toMatchObject({
      state: 'BLOCKED',
      paths: [],
      verdict: { category: 'NUDITY', subject: 'PROMPT' },
    });
    expect(report.verdict?.score).toBeGreaterThanOrEqual(report.verdict?.threshold ?? 1);
  }, 60_000);

  it('says so where nobody answers', async () => {
    const run = atelier(['a boat', '--json'], { ATELIER_ADDRESS: '127.0.0.1:1' });
    expect(await run.done).toBe(1);
    expect(run.err()).toMatch(/^atelier: .*ECONNREFUSED/m);
    expect(JSON.parse(run.out())).toMatchObject({ state: 'FAILED', error: { code: 'UNAVAILABLE' } });
  }, 60_000);
});
