/** Captions held against drawings by the starter's dual encoder; skipped where the bundle has none. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plantedItems } from './planted/plan.ts';
import { scoresOf } from './planted/score.ts';
import { runOnce, temporaryFolder } from './run.fixture.ts';
import { FILES } from './run.ts';
import type { Decided } from './stages/decide.ts';
import { readLines } from './store/store.ts';

const path = process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath();
const bundle = await openBundle(path, { roles: ['text_encoder'] });
const able = bundle.has('dual_encoder') && bundle.has('captioner');
const CORPUS = { count: 200, seed: 74_000_000 };

describe.skipIf(!able)('with the starter', () => {
  let folder = '';
  let result: Awaited<ReturnType<typeof runOnce>>;
  const options = () => ({
    planted: CORPUS,
    input: join(folder, 'out/raw'),
    out: join(folder, 'out'),
    chunkSize: CORPUS.count / 2,
    bundle: path,
    embeddingCache: join(folder, 'cache'),
  });
  beforeAll(async () => {
    folder = await temporaryFolder();
    result = await runOnce(options());
  }, 280_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('mismatched captions are found, missing and foreign ones are made', async () => {
    const chunks = await Promise.all(
      [0, 1].map((chunk) => readLines<Decided>(result.run.store, FILES.decided(chunk))),
    );
    const scores = scoresOf(plantedItems(CORPUS, 0, CORPUS.count), chunks.flat(), true);
    expect(scores.caption_missing).toMatchObject({ recall: 1, precision: 1 });
    // Eight of a kind: one missed is 0.88.
    for (const defect of ['caption_foreign', 'caption_mismatched'] as const) {
      expect(scores[defect]?.recall, defect).toBeGreaterThanOrEqual(0.83);
      expect(scores[defect]?.precision, defect).toBeGreaterThanOrEqual(0.83);
    }
    const made = result.rows.filter(
      ({ caption_action, reason }) => caption_action === 'generated' && reason === 'kept',
    );
    expect(made.length).toBeGreaterThan(14);
    expect(made.every(({ caption, relevance }) => Boolean(caption) && (relevance as number) > 0)).toBe(true);
  });

  test('a shard holds the embeddings of its captions, and a later run finds them', {
    timeout: 280_000,
  }, async () => {
    const shard = await result.run.store.read('shard-00000.tar');
    const names: string[] = [];
    const entries = extract();
    entries.end(shard);
    for await (const entry of entries) {
      names.push(entry.header.name.replace(/^\d+\./, ''));
      entry.resume();
    }
    expect(new Set(names)).toEqual(new Set(['json', 'png', 'tokens.npy', 'pooled.npy']));
    const next = await runOnce({ ...options(), planted: null, out: join(folder, 'next') });
    expect((await next.run.store.read('shard-00000.tar')).equals(shard)).toBe(true);
  });
});
