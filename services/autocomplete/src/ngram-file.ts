/**
 * The file of an n-gram model: gzip of a line of JSON (`version`, `tokens`, `frequencies`, `sizes`) and, for each length of
 * context, keys as differences and counts, all as LEB128 numbers. Counting takes seconds; reading this, a few hundredths.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { NgramModel } from './ngram.ts';
import { NgramCounts } from './ngram-counts.ts';

const VERSION = 1;
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
/** A long context that was seen once says little and there are many. */
const LEAST_COUNTS = [1, 1, 2, 2];

const HeaderSchema = z.object({
  version: z.literal(VERSION),
  tokens: z.array(z.string()).max(NgramCounts.RADIX),
  frequencies: z.array(z.int().min(0)),
  sizes: z.array(z.int().min(0)).length(LEAST_COUNTS.length),
});

/** The file of a model, without what LEAST_COUNTS leaves out. */
export function packNgrams({ tables }: NgramModel): Buffer {
  const counts = tables.counts.map((table, length) => table.atLeast(LEAST_COUNTS[length] as number));
  const { tokens, frequencies } = tables;
  const header = { version: VERSION, tokens, frequencies, sizes: counts.map(({ keys }) => keys.length) };
  const bytes: number[] = [];
  const write = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  for (const { keys, counts: times } of counts) {
    keys.forEach((key, i) => {
      write(key - (keys[i - 1] ?? 0));
    });
    times.forEach(write);
  }
  return gzipSync(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(bytes)]), {
    level: 9,
  });
}

/** Read the file of a model. Throws an Error that says what is wrong with a file that is not one. */
export function unpackNgrams(file: Uint8Array): NgramModel {
  const data = gunzipSync(file, { maxOutputLength: MAX_UNPACKED_BYTES });
  let at = data.indexOf('\n') + 1;
  const { tokens, frequencies, sizes } = HeaderSchema.parse(JSON.parse(data.toString('utf8', 0, at)));
  const read = (): number => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = data[at++];
      if (byte === undefined) throw new Error('n-gram file: it ends early');
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  };
  const counts = sizes.map((size) => {
    let key = 0;
    const keys = Float64Array.from({ length: size }, () => (key += read()));
    return new NgramCounts(keys, Uint32Array.from({ length: size }, read));
  });
  if (at !== data.length) throw new Error('n-gram file: there is more than it says');
  return new NgramModel({ tokens, frequencies, counts });
}
