/** What the invisible watermark survives, how invisible it is, and what it and signed credentials cost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, percentile, rounded } from '@atelier/metrics';
import { codeBits, type Rgb, readSoftBits, readWatermark, writeWatermark } from '@atelier/provenance';
import {
  type Identity,
  loadIdentity,
  readCredentials,
  writeCredentials,
} from '@atelier/provenance/credentials';
import { developmentIdentity } from '@atelier/provenance/development';
import { composeScene, renderRgb } from '@atelier/scenes';
import sharp, { type Sharp } from 'sharp';
import type { Benchmark, Figures } from './benchmark.ts';
import { psnr } from './starter/enlarge.ts';

const PICTURES = Number(process.env.ATELIER_BENCH_PICTURES ?? 60);
const FIRST_SEED = 90_000;
const SIDE = 1024;
/** As the mark's first byte says. */
const TAG = 0xa7;

type Attack = (image: Sharp) => Sharp;
const ATTACKS: Record<string, Attack> = {
  none: (image) => image.png(),
  jpeg75: (image) => image.jpeg({ quality: 75 }),
  half: (image) => image.resize(SIDE / 2, SIDE / 2).png(),
  halfJpeg75: (image) => image.resize(SIDE / 2, SIDE / 2).jpeg({ quality: 75 }),
  jpeg50: (image) => image.jpeg({ quality: 50 }),
  quarter: (image) => image.resize(SIDE / 4, SIDE / 4).png(),
};

const ORIGIN = {
  version: '1.0.0',
  models: ['denoiser@1', 'super_resolution_256@1', 'super_resolution_1024@1'],
  fromPicture: false,
  promptEnhanced: true,
  demographicsChosen: false,
};

/** Signs a picture as it is stored, and reads it again: milliseconds of each, and bytes added. */
async function credentials(picture: Rgb, identity: Identity) {
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  const png = await sharp(picture.data, { raw }).png({ compressionLevel: 4 }).toBuffer();
  const began = performance.now();
  const signed = await writeCredentials(png, ORIGIN, identity);
  const written = performance.now();
  const read = await readCredentials(signed);
  const verified = performance.now();
  if (!read?.valid) throw new Error(`a picture that was just signed does not verify: ${read?.problems}`);
  const again = await writeCredentials(png, ORIGIN, identity);
  if (Buffer.compare(signed, again) !== 0) throw new Error('the same picture was signed in other bytes');
  return { writeMs: written - began, readMs: verified - written, bytes: signed.length - png.length };
}

export const benchmark: Benchmark = {
  about: `${PICTURES} pictures of ${SIDE} pixels, each with another payload, damaged and read again.`,
  async run(log) {
    const decibels: number[] = [];
    const writeMs: number[] = [];
    const accuracy: Record<string, number[]> = Object.fromEntries(
      Object.keys(ATTACKS).map((name) => [name, []]),
    );
    const read: Record<string, number> = Object.fromEntries(Object.keys(ATTACKS).map((name) => [name, 0]));
    let falseMarks = 0;
    const folder = await mkdtemp(join(tmpdir(), 'atelier-bench-credentials-'));
    const identity = await loadIdentity(await developmentIdentity(join(folder, 'identity')));
    await rm(folder, { recursive: true });
    const signing: Awaited<ReturnType<typeof credentials>>[] = [];
    for (let i = 0; i < PICTURES; i++) {
      const data = await renderRgb(composeScene(FIRST_SEED + i), SIDE);
      const picture: Rgb = { width: SIDE, height: SIDE, data };
      const payload = (i * 2_654_435_761) % 2 ** 24;
      const began = performance.now();
      const marked = writeWatermark(picture, payload);
      writeMs.push(performance.now() - began);
      decibels.push(psnr(marked.data, data));
      if (readWatermark(picture)) falseMarks += 1;
      signing.push(await credentials(marked, identity));
      const bits = codeBits(TAG * 2 ** 24 + payload);
      for (const [name, attack] of Object.entries(ATTACKS)) {
        const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
        const file = await attack(sharp(marked.data, { raw })).toBuffer();
        const { data: pixels, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
        const damaged = { width: info.width, height: info.height, data: pixels };
        const soft = readSoftBits(damaged);
        const right = bits.filter((bit, k) => bit * (soft[k] as number) > 0).length;
        accuracy[name]?.push(right / bits.length);
        if (readWatermark(damaged)?.payload === payload) read[name] = (read[name] ?? 0) + 1;
      }
      if ((i + 1) % 20 === 0) log(`${i + 1} of ${PICTURES}`);
    }
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const each = (of: (name: string) => number): Figures =>
      Object.fromEntries(Object.keys(ATTACKS).map((name) => [name, Math.round(1e4 * of(name)) / 1e4]));
    return {
      pictures: PICTURES,
      psnrDb: rounded(mean(decibels)),
      psnrLeastDb: rounded(Math.min(...decibels)),
      bitAccuracy: each((name) => mean(accuracy[name] ?? [])),
      bitAccuracyLeast: each((name) => percentile(accuracy[name] ?? [], 0)),
      messagesRead: each((name) => (read[name] ?? 0) / PICTURES),
      falseMarks,
      writeMs: rounded(median(writeMs)),
      credentialsMs: rounded(median(signing.map((one) => one.writeMs))),
      credentialsVerifyMs: rounded(median(signing.map((one) => one.readMs))),
      credentialsBytes: Math.max(...signing.map((one) => one.bytes)),
    };
  },
};
