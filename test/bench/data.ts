/**
 * The data pipeline's image path, by processor time, against imagededup's perceptual hash on the same photographs, and two
 * workers against one by the clock.
 */

import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '@atelier/local-mesh';
import { rounded } from '@atelier/metrics';
import type { Benchmark, Figures } from './benchmark.ts';

const MEASURE = join(REPOSITORY, 'services/data-pipeline/src/measure.ts');
const CURATE = join(REPOSITORY, 'services/data-pipeline/src/main.ts');
const PEER = join(REPOSITORY, 'test/load/peers/imagededup_hash.py');
const PHOTOGRAPHS = join(REPOSITORY, '../shared/data/images/coco256');
/** One thread for libvips' work and none for other programs' numerics: a process is a core. */
const ONE_CORE = { UV_THREADPOOL_SIZE: '1', OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
/** Pairs that the workers examine; fewer say less, because the last task of a stage is waited for. */
const PAIRS = Number(process.env.ATELIER_BENCH_PAIRS ?? 2_000);

interface OwnTime {
  pictures: number;
  cpuMs: Record<string, number>;
  /** Without SHA-256 and quality: imagededup neither tells files apart by their bytes nor looks how sharp a picture is. */
  comparedMs: number;
  megabytes: Record<string, number>;
}

export const benchmark: Benchmark = {
  about:
    'Decode, measure, hash, search and resize photographs on one core; imagededup if ATELIER_PEER_PYTHON has it.',
  async run(log) {
    if (!existsSync(PHOTOGRAPHS)) throw new Error(`the photographs are not there: ${PHOTOGRAPHS}`);
    const files = readdirSync(PHOTOGRAPHS)
      .filter((name) => name.endsWith('.jpg'))
      .map((name) => join(PHOTOGRAPHS, name));
    const own = await ownTime(files);
    const all = Object.values(own.cpuMs).reduce((sum, ms) => sum + ms, 0);
    log(`image path: ${rounded(1_000 / all)} images/s on one core`);
    const peer = await peerRate(files);
    const one = await curateSeconds(1);
    const two = await curateSeconds(2);
    log(`${PAIRS} pairs: ${rounded(one)} s with one worker, ${rounded(two)} s with two`);
    return {
      imagesPerSecondPerCore: rounded(1_000 / all),
      cpuMsPerImage: roundedAll(own.cpuMs),
      ...(peer === null
        ? { peer: 'not measured: ATELIER_PEER_PYTHON names no Python with imagededup' }
        : {
            imagededupPerSecond: rounded(peer.rate),
            vsImagededup: rounded(1_000 / own.comparedMs / peer.rate),
            peer: `imagededup ${peer.version}`,
          }),
      scaling2: rounded(one / two),
      indexMegabytes: roundedAll(own.megabytes),
      pictures: own.pictures,
    };
  },
};

const roundedAll = (figures: Record<string, number>): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, rounded(figure)]));

async function ownTime(files: readonly string[]): Promise<OwnTime> {
  const { stdout } = await promisify(execFile)(process.execPath, [MEASURE, ...files], {
    env: { ...process.env, ...ONE_CORE },
  });
  return JSON.parse(stdout) as OwnTime;
}

async function peerRate(files: readonly string[]): Promise<{ rate: number; version: string } | null> {
  const python = process.env.ATELIER_PEER_PYTHON;
  if (!python) return null;
  const running = promisify(execFile)(python, [PEER], { env: { ...process.env, ...ONE_CORE } });
  running.child.stdin?.end(files.join('\n'));
  const { pictures, cpuSeconds, version } = JSON.parse((await running).stdout) as {
    pictures: number;
    cpuSeconds: number;
    version: string;
  };
  return { rate: pictures / cpuSeconds, version };
}

/** Seconds that workers examined a drawn corpus in, from the progress they report. */
async function curateSeconds(workers: number): Promise<number> {
  const out = await mkdtemp(join(tmpdir(), 'atelier-bench-data-'));
  const args = [
    '--out',
    out,
    '--planted',
    String(PAIRS),
    '--workers',
    String(workers),
    '--no-safety',
    '--no-embeddings',
    '--json',
  ];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [CURATE, ...args], {
      env: { ...process.env, ...ONE_CORE },
    });
    const { stageSeconds } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      stageSeconds: Record<string, number>;
    };
    // Workers start while the corpus is drawn; these are the stages of every run.
    return (stageSeconds.examine as number) + (stageSeconds.near as number);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
