/** What the image path costs: run by benchmarks as a process of its own, so that it has one core's worth of threads. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { decode } from './image/decode.ts';
import { DEFAULT_LIMITS } from './image/limits.ts';
import { outputPictures } from './image/output.ts';
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

/** The whole image path over files, one at a time: from the file to its PNG and its near-duplicates. */
export async function measureImagePath(files: readonly string[]): Promise<ImagePathTime> {
  sharp.concurrency(1);
  sharp.cache(false);
  const cpuMs = Object.fromEntries(STEPS.map((step) => [step, 0])) as Record<Step, number>;
  const spend = async <T>(step: Step, work: () => T | Promise<T>): Promise<T> => {
    const began = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(began);
    cpuMs[step] += (user + system) / 1_000 / files.length;
    return result;
  };
  const hashes = new Uint32Array(files.length * HASH_WORDS);
  const signatures: Signature[] = [];
  for (const [place, file] of files.entries()) {
    const bytes = await spend('read', () => readFile(file));
    await spend('sha256', () => createHash('sha256').update(bytes).digest('hex'));
    const decoded = await spend('decode', () => decode(bytes, DEFAULT_LIMITS));
    await spend('quality', () => qualityOf(decoded));
    await spend('hash', () => {
      const signature = signatureOf(decoded);
      signatures.push(signature);
      hashes.set(hashOfSignature(signature), place * HASH_WORDS);
    });
    await spend('resize', () => outputPictures(bytes, decoded, [64], DEFAULT_LIMITS));
  }
  const index = new HashIndex(hashes);
  let found = 0;
  await spend('search', () => {
    for (const signature of signatures)
      for (const { hash } of probesOf(signature)) index.search(hash, 64, () => found++);
  });
  return { pictures: files.length, cpuMs };
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

const files = process.argv.slice(2);
if (import.meta.main && files.length > 0) {
  const warm = await measureImagePath(files.slice(0, 40));
  const time = await measureImagePath(files);
  console.log(
    JSON.stringify({
      ...time,
      warm: warm.pictures,
      megabytes: { 10000: measureIndexMegabytes(10_000), 1000000: measureIndexMegabytes(1_000_000) },
    }),
  );
}
