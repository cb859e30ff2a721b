import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeScene } from './compose.ts';
import { renderRgb } from './render.ts';
import { planShards, writeShard } from './shards.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-scenes-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('planShards', () => {
  test('covers every seed once and ends with a short shard', () => {
    const shards = planShards({ out: folder, seed: 100, count: 25, shardSize: 10, sizes: [64] });
    expect(shards.map(({ firstSeed, count }) => [firstSeed, count])).toEqual([
      [100, 10],
      [110, 10],
      [120, 5],
    ]);
  });
});

describe('a shard', () => {
  test('is a tar the system tar reads: json and pictures of every size asked for', async () => {
    const path = await writeShard({ out: folder, index: 3, firstSeed: 40, count: 2, sizes: [64, 256] });
    expect(path).toBe(join(folder, 'shard-00003.tar'));
    const names = execFileSync('tar', ['-tf', path], { encoding: 'utf8' }).trim().split('\n');
    expect(names).toEqual(
      ['000000040', '000000041'].flatMap((key) => [`${key}.json`, `${key}.png`, `${key}.256.png`]),
    );
    const member = (name: string): Buffer => execFileSync('tar', ['-xOf', path, name]);
    const { domain, attributes, captions } = composeScene(40);
    expect(JSON.parse(member('000000040.json').toString())).toEqual({
      key: '000000040',
      seed: 40,
      domain,
      attributes,
      captions,
    });
    for (const [name, size] of [
      ['000000040.png', 64],
      ['000000041.256.png', 256],
    ] as const) {
      const { format, width, height, channels } = await sharp(member(name)).metadata();
      expect({ format, width, height, channels }).toEqual({
        format: 'png',
        width: size,
        height: size,
        channels: 3,
      });
    }
  });

  test('has the same bytes for the same seeds, whatever the number of writers', async () => {
    const write = (name: string, workers: number) =>
      execFileSync(process.execPath, [
        MAIN,
        '--count',
        '12',
        '--seed',
        '50',
        '--shard-size',
        '4',
        '--out',
        join(folder, name),
        '--workers',
        String(workers),
      ]);
    write('one', 1);
    write('two', 2);
    const files = await readdir(join(folder, 'one'));
    expect(files).toHaveLength(3);
    expect(await readdir(join(folder, 'two'))).toEqual(files);
    for (const file of files)
      expect(
        (await readFile(join(folder, 'one', file))).equals(await readFile(join(folder, 'two', file))),
      ).toBe(true);
  }, 30_000);

  test('names the stand-ins in its attributes when they are asked for', async () => {
    const path = await writeShard({
      out: folder,
      index: 0,
      firstSeed: 1,
      count: 6,
      sizes: [64],
      standIns: true,
    });
    const text = execFileSync('tar', ['-xOf', path, '--wildcards', '*.json'], { encoding: 'utf8' });
    expect(text.match(/"harm\.weapon":/g)).toHaveLength(6);
  });

  test('has what was added as a layer: laid over the ordinary scene it gives the picture', async () => {
    const path = await writeShard({
      out: folder,
      index: 0,
      firstSeed: 10_000,
      count: 4,
      sizes: [64],
      standIns: true,
    });
    const member = (name: string): Buffer => execFileSync('tar', ['-xOf', path, name]);
    for (const seed of [10_000, 10_001, 10_002, 10_003]) {
      const key = String(seed).padStart(9, '0');
      const picture = await sharp(member(`${key}.png`))
        .raw()
        .toBuffer();
      const layer = await sharp(member(`${key}.layer.png`))
        .raw()
        .toBuffer();
      const ground = await renderRgb(composeScene(seed), 64);
      expect(layer).toHaveLength(64 * 64 * 4);
      const differences = [...picture].map((value, at) => {
        const pixel = Math.floor(at / 3) * 4;
        const alpha = (layer[pixel + 3] as number) / 255;
        return Math.abs(
          value - (layer[pixel + (at % 3)] as number) * alpha - (ground[at] as number) * (1 - alpha),
        );
      });
      expect(Math.max(...differences)).toBeLessThan(4);
    }
  });

  test('holds only the domain asked for', async () => {
    const path = await writeShard({
      out: folder,
      index: 0,
      firstSeed: 1,
      count: 6,
      sizes: [64],
      domain: 'abstract',
    });
    const text = execFileSync('tar', ['-xOf', path, '--wildcards', '*.json'], { encoding: 'utf8' });
    expect(text.match(/"domain":"\w+"/g)).toEqual(Array(6).fill('"domain":"abstract"'));
  });

  test('has the attributes asked for in every scene', async () => {
    const args = [
      '--count',
      '4',
      '--out',
      folder,
      '--domain',
      'landscape',
      '--fixed',
      'subject1.kind=cat',
      '--fixed',
      'time=night',
    ];
    execFileSync(process.execPath, [MAIN, ...args], { stdio: 'pipe' });
    const path = join(folder, 'shard-00000.tar');
    const text = execFileSync('tar', ['-xOf', path, '--wildcards', '*.json'], { encoding: 'utf8' });
    expect(text.match(/"subject1.kind":"cat"/g)).toHaveLength(4);
    expect(text.match(/"time":"night"/g)).toHaveLength(4);
  });
});

describe('the command', () => {
  test.each([
    [['--count', '0', '--out', 'x'], /--count/],
    [['--count', '5'], /--out/],
    [['--count', '5', '--out', 'x', '--domain', 'music'], /--domain/],
    [['--count', '5', '--out', 'x', '--fixed', 'time=night'], /--domain/],
    [['--count', '5', '--out', 'x', '--domain', 'landscape', '--fixed', 'subject1.kind=dodo'], /dodo/],
    [['--count', '5', '--out', 'x', '--sizes', '64,big'], /--sizes/],
  ])('says what is wrong with %j', (args, message) => {
    expect(() =>
      execFileSync(process.execPath, [MAIN, ...args], { stdio: 'pipe', encoding: 'utf8' }),
    ).toThrow(message);
  });
});
