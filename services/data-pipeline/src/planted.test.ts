/** Precision and recall on a small planted corpus, and that the shards are what trainers read. */
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFECTS, plantedItems } from './planted/plan.ts';
import { scoresOf } from './planted/score.ts';
import { readIndex, runOnce, temporaryFolder } from './run.fixture.ts';
import { FILES } from './run.ts';
import type { Decided } from './stages/decide.ts';
import { readLines } from './store/store.ts';

const CORPUS = { count: 400, seed: 72_000_000 };
let folder = '';
let result: Awaited<ReturnType<typeof runOnce>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  result = await runOnce({
    planted: CORPUS,
    input: join(folder, 'out/raw'),
    out: join(folder, 'out'),
    shardSize: 100,
  });
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a corpus has each defect in its share, whoever plans which part', () => {
  const whole = plantedItems(CORPUS, 0, CORPUS.count);
  for (const defect of Object.keys(DEFECTS))
    expect(whole.filter((item) => item.defect === defect)).toHaveLength(16);
  expect([...plantedItems(CORPUS, 0, 130), ...plantedItems(CORPUS, 130, 270)]).toEqual(whole);
});

test('every item is in the ledger, once', () => {
  expect(result.rows.map(({ item }) => item)).toEqual(
    Array.from({ length: CORPUS.count }, (_, item) => item),
  );
});

test('defects are found, and nothing else', async () => {
  const chunks = await Promise.all(
    [0, 1].map((chunk) => readLines<Decided>(result.run.store, FILES.decided(chunk))),
  );
  const scores = scoresOf(plantedItems(CORPUS, 0, CORPUS.count), chunks.flat(), false);
  expect(scores.caption_mismatched).toBeNull();
  for (const defect of ['exact_copy', 'tiny', 'undecodable', 'caption_missing'] as const)
    expect(scores[defect], defect).toMatchObject({ recall: 1, precision: 1 });
  for (const defect of [
    'reencoded',
    'rotated',
    'cropped',
    'watermarked',
    'blurred',
    'caption_foreign',
  ] as const) {
    // Sixteen of a kind: one missed is 0.94.
    expect(scores[defect]?.recall, defect).toBeGreaterThanOrEqual(0.87);
    expect(scores[defect]?.precision, defect).toBeGreaterThanOrEqual(0.95);
  }
});

test('an opt-out list removes an item from the next build, by hash too', async () => {
  const kept = result.rows.filter(({ reason }) => reason === 'kept');
  const optOut = [kept[0]?.source as string, kept[1]?.sha256 as string];
  const next = await runOnce({ input: join(folder, 'out/raw'), out: join(folder, 'next'), optOut });
  const reasons = await readIndex(next.run.store);
  expect([kept[0]?.item, kept[1]?.item].map((item) => reasons[item as number]?.reason)).toEqual([
    'opted_out',
    'opted_out',
  ]);
}, 120_000);

const python = process.env.ATELIER_TRAINER_PYTHON;
test.skipIf(!python)(
  'the trainer and a public reader read the shards (ATELIER_TRAINER_PYTHON)',
  { timeout: 120_000 },
  async () => {
    const script = join(folder, 'read.py');
    await writeFile(
      script,
      `import sys, glob
from pathlib import Path
import webdataset as wds
from atelier_trainer.shards import list_shards, read_shard, decode_png
ours = [s for p in list_shards(Path(sys.argv[1])) for s in read_shard(p)]
for s in ours: decode_png(Path('x'), s.key, s.images['png'], 64)
theirs = list(wds.WebDataset(sorted(glob.glob(sys.argv[1] + '/*.tar')), shardshuffle=False).decode('pil'))
assert [s.key for s in ours] == [s['__key__'] for s in theirs]
assert all(s['png'].size == (64, 64) for s in theirs)
print(len(ours))
`,
    );
    const read = execFileSync(python as string, [script, join(folder, 'out')], { encoding: 'utf8' });
    expect(Number(read)).toBe(result.rows.filter(({ reason }) => reason === 'kept').length);
  },
);
