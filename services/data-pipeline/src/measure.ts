/** What the image path costs: run by benchmarks as a process of its own, so that it has one core's worth of threads. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { decode } from './image/decode.ts';
import { DEFAULT_LIMITS } from './image/limits.ts';
import { outputPictures } from './image/output.ts';
import { HASH_WORDS } from './image/perceptual-hash.ts';
import { qualityOf } from './image/sharpness.ts';
import { hashOfSignature, probesOf, signatureOf } from './image/signature.ts';
import { HashIndex } from './near/hash-index.ts';

export interface ImagePathTime {
  pictures: number;
  /** Processor time of all threads, so that a busy machine says the same: decode to PNG, search included. */
  cpuSeconds: number;
  /** Of that, searching for near-duplicates. */
  searchCpuSeconds: number;
}

/** The whole image path over files, one at a time: decode, quality, hash, near-duplicate search, resize, PNG. */
export async function measureImagePath(files: readonly string[]): Promise<ImagePathTime> {
  sharp.concurrency(1);
  sharp.cache(false);
  const hashes = new Uint32Array(files.length * HASH_WORDS);
  const signatures = [];
  const began = process.cpuUsage();
  for (const [place, file] of files.entries()) {
    const bytes = await readFile(file);
    createHash('sha256').update(bytes).digest('hex');
    const decoded = await decode(bytes, DEFAULT_LIMITS);
    qualityOf(decoded.working);
    await outputPictures(bytes, decoded, [64], DEFAULT_LIMITS);
    const signature = signatureOf(decoded.working);
    signatures.push(signature);
    hashes.set(hashOfSignature(signature), place * HASH_WORDS);
  }
  const searching = process.cpuUsage();
  const index = new HashIndex(hashes);
  let found = 0;
  for (const signature of signatures)
    for (const { hash } of probesOf(signature)) index.search(hash, 64, () => found++);
  return {
    pictures: files.length,
    cpuSeconds: secondsSince(began),
    searchCpuSeconds: secondsSince(searching),
  };
}

const secondsSince = (start: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

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
