/** The compiled loops against what they stand for, written out. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '@atelier/local-mesh';
import { createRandom } from '@atelier/scenes';
import { expect, test } from 'vitest';
import { distance, HASH_SIDE, hashesOf, ORIENTATIONS, WHOLE } from './perceptual-hash.ts';

const random = createRandom('perceptual-hash');
const at = (x: number, y: number): number => y * HASH_SIDE + x;

/** Soft blobs, so that low frequencies have something to say. */
function blobs(): Uint8Array {
  const spots = Array.from({ length: 9 }, () => [
    random.range(0, 64),
    random.range(0, 64),
    random.range(40, 200),
  ]);
  return Uint8Array.from({ length: HASH_SIDE ** 2 }, (_, i) => {
    const [x, y] = [i % HASH_SIDE, Math.floor(i / HASH_SIDE)];
    const light = spots.map(
      ([cx = 0, cy = 0, peak = 0]) => peak * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 90),
    );
    return Math.min(
      255,
      light.reduce((sum, one) => sum + one, 0),
    );
  });
}

/** Which of the 256 low frequencies are above the median by a twenty-fifth of their strength, by the definition. */
function definition(luma: Uint8Array): number {
  const cells: number[] = [];
  for (let g = 1; g <= 16; g++)
    for (let f = 1; f <= 16; f++) {
      let sum = 0;
      for (let y = 0; y < HASH_SIDE; y++)
        for (let x = 0; x < HASH_SIDE; x++)
          sum +=
            (luma[at(x, y)] as number) *
            Math.cos((Math.PI * g * (y + 0.5)) / HASH_SIDE) *
            Math.cos((Math.PI * f * (x + 0.5)) / HASH_SIDE);
      cells.push(sum);
    }
  const median = [...cells].sort((a, b) => a - b)[128] as number;
  const strength = Math.sqrt(cells.reduce((sum, cell) => sum + cell * cell, 0) / 256);
  return cells.filter((cell) => cell > median + 0.04 * strength).length;
}

const popcount = (words: Uint32Array): number => distance(words, new Uint32Array(8));
const asItIs = (luma: Uint8Array): Uint32Array =>
  hashesOf(luma, [{ window: WHOLE, orientation: 0 }])[0] as Uint32Array;

test('as many bits as frequencies stand out', () => {
  for (let picture = 0; picture < 5; picture++) {
    const luma = blobs();
    expect(popcount(asItIs(luma))).toBe(definition(luma));
  }
});

test.each(ORIENTATIONS)(
  'the hash of a picture turned to orientation %d is that of the turned picture',
  (turn) => {
    const luma = blobs();
    const last = HASH_SIDE - 1;
    const turned = Uint8Array.from(luma, (_, i) => {
      const [x, y] = [i % HASH_SIDE, Math.floor(i / HASH_SIDE)];
      const [mx, my] = [turn & 1 ? last - x : x, turn & 2 ? last - y : y];
      return luma[turn & 4 ? at(my, mx) : at(mx, my)] as number;
    });
    const [hash] = hashesOf(luma, [{ window: WHOLE, orientation: turn }]);
    // Sums in another order round otherwise: a cell on the threshold may tip.
    expect(distance(hash as Uint32Array, asItIs(turned))).toBeLessThanOrEqual(2);
    if (turn !== 0) expect(distance(hash as Uint32Array, asItIs(luma))).toBeGreaterThan(40);
  },
);

test('the compiled file is what its source compiles to', { timeout: 60_000 }, async () => {
  const source = join(import.meta.dirname, '../../kernels/asconfig.json');
  const compiler = join(REPOSITORY, 'node_modules/assemblyscript/bin/asc.js');
  const folder = await mkdtemp(join(tmpdir(), 'atelier-kernels-'));
  try {
    const made = join(folder, 'kernels.wasm');
    await promisify(execFile)(process.execPath, [compiler, '--config', source, '--outFile', made]);
    expect(await readFile(made)).toEqual(await readFile(join(import.meta.dirname, 'kernels.wasm')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
