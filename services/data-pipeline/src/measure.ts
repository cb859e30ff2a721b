/** What the image path costs: run by benchmarks as a process of its own, so that it has one core's worth of threads. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { decode } from './image/decode.ts';
import { DEFAULT_LIMITS } from './image/limits.ts';
import { outputPictures, squarePixels } from './image/output.ts';
import { HASH_WORDS } from './image/perceptual-hash.ts';
import { qualityOf } from './image/sharpness.ts';
import { hashOfSignature, probesOf, type Signature, signatureOf } from './image/signature.ts';
import { HashIndex } from './near/hash-index.ts';

/** What is done to a picture, in order. Resizing ends in the shard's 64-pixel PNG. */
const STEPS = ['read', 'sha256', 'decode', 'quality', 'hash', 'resize', 'search'] as const;
type Step = (typeof STEPS)[number];

export interface ImagePathTime {
  pictures: number;
  /** Milliseconds of processor time a picture, of all threads, so that a busy machine says nearly the same. */
  cpuMs: Record<Step, number>;
}

/** Pictures that a step is done to before the next: reading the processor's clock for each costs as much as a step. */
const BATCH = 17;

/** How often the files are gone through before it counts. */
const WARM_ROUNDS = 12;
/** Rounds whose median is compared, of the peer too: other programs' noise comes and goes. */
const COUNTED_ROUNDS = 5;

/** The whole image path over files: from the file to its PNG and its near-duplicates. */
export async function measureImagePath(files: readonly string[]): Promise<ImagePathTime> {
  sharp.concurrency(1);
  sharp.cache(false);
  const cpuMs = Object.fromEntries(STEPS.map((step) => [step, 0])) as Record<Step, number>;
  const spend = async <T, R>(
    step: Step,
    over: readonly T[],
    work: (one: T) => R | Promise<R>,
  ): Promise<R[]> => {
    const results: R[] = [];
    const began = process.cpuUsage();
    for (const one of over) {
      const result = work(one);
      results.push(result instanceof Promise ? await result : result);
    }
    const { user, system } = process.cpuUsage(began);
    cpuMs[step] += (user + system) / 1_000 / files.length;
    return results;
  };
  const hashes = new Uint32Array(files.length * HASH_WORDS);
  const signatures: Signature[] = [];
  for (let first = 0; first < files.length; first += BATCH) {
    const opened = await spend('read', files.slice(first, first + BATCH), (file) => readFileSync(file));
    await spend('sha256', opened, (bytes) => hash('sha256', bytes));
    const read = await spend('decode', opened, async (bytes) => ({
      bytes,
      decoded: await decode(bytes, DEFAULT_LIMITS),
    }));
    await spend('quality', read, ({ decoded }) => qualityOf(decoded.working));
    await spend('hash', read, ({ decoded }) => {
      const signature = signatureOf(decoded.working);
      hashes.set(hashOfSignature(signature), signatures.length * HASH_WORDS);
      signatures.push(signature);
    });
    await spend('resize', read, ({ bytes, decoded }) => outputPictures(bytes, decoded, [64], DEFAULT_LIMITS));
  }
  const index = new HashIndex(hashes);
  let found = 0;
  await spend('search', signatures, (signature) => {
    for (const probe of probesOf(signature)) index.search(probe.hash, 64, () => found++);
  });
  return { pictures: files.length, cpuMs };
}

/**
 * Milliseconds of processor time a picture for what imagededup is held against: read, decode, hash, resize to 64 pixels, file in an
 * index and search that; not writing PNG, which neither search nor hash needs. Picture after picture, as a worker takes them, and the clock read twice in all.
 */
export async function measureCompared(files: readonly string[]): Promise<number> {
  const hashes = new Uint32Array(files.length * HASH_WORDS);
  const signatures: Signature[] = [];
  const began = process.cpuUsage();
  for (const file of files) {
    const bytes = readFileSync(file);
    const decoded = await decode(bytes, DEFAULT_LIMITS);
    const signature = signatureOf(decoded.working);
    hashes.set(hashOfSignature(signature), signatures.length * HASH_WORDS);
    signatures.push(signature);
    squarePixels(decoded.working, 64);
  }
  const index = new HashIndex(hashes);
  let found = 0;
  for (const signature of signatures)
    for (const probe of probesOf(signature)) index.search(probe.hash, 64, () => found++);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000 / files.length;
}

/** Megabytes that an index of so many hashes holds, random ones, hashes included. */
export function measureIndexMegabytes(count: number): number {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const hashes = new Uint32Array(count * HASH_WORDS);
  for (let i = 0; i < hashes.length; i++)
    hashes[i] = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(i >>> 3, 0x85ebca6b);
  const index = new HashIndex(hashes);
  index.search(hashes.subarray(0, HASH_WORDS), 31, () => {});
  const after = process.memoryUsage();
  return (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / 1e6;
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] as number;

const files = process.argv.slice(2);
if (import.meta.main && files.length > 0) {
  // Compiled by then, as in a worker that has been at it for a minute.
  const often = Array.from({ length: WARM_ROUNDS }, () => files).flat();
  const warm = await measureImagePath(often);
  const rounds: number[] = [];
  for (let round = 0; round < WARM_ROUNDS; round++) rounds.push(await measureCompared(files));
  const time = await measureImagePath(files);
  console.log(
    JSON.stringify({
      ...time,
      comparedMs: middleOf(rounds.slice(-COUNTED_ROUNDS)),
      warm: warm.pictures,
      megabytes: { 10000: measureIndexMegabytes(10_000), 1000000: measureIndexMegabytes(1_000_000) },
    }),
  );
}
