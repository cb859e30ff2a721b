/** The starter's own classifier on drawings that it never saw; skipped for a bundle without one. */
import { defaultBundlePath, openBundle } from '@atelier/models';
import { composeStandInScene, HARMS, renderRgb } from '@atelier/scenes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Judge, loadJudge } from '../model.ts';
import { ROLE } from './bundled.ts';

const path = process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath();
const bundle = await openBundle(path, { roles: [] });
const { signal } = new AbortController();
/** Held out: training takes scenes of seeds from 1,000,000 on. */
const FIRST_SEED = 5_000;
const CATEGORY = { weapon: 'violence', blood: 'violence', 'hate-sign': 'hate', noose: 'self_harm' } as const;

/** Of 20, seeds fixed. At a recall of 0.98 fewer than 18 are one run in a hundred; thin swords and knives are not there yet. */
const LEAST = { weapon: 12, blood: 18, 'hate-sign': 18, noose: 18 } as const;

describe.skipIf(!bundle.has(ROLE))('the bundle’s harm classifier', () => {
  let judge: Judge;
  beforeAll(async () => {
    judge = await loadJudge({ bundlePath: path, maxQueued: 4, timeoutMs: 60_000 });
  }, 60_000);
  afterAll(() => judge.close());

  const verdictOn = async (seed: number, harm: (typeof HARMS)[number] | 'none', side: number) => {
    const rgb = await renderRgb(composeStandInScene(seed, { harm }), side);
    return (await judge.judge({ width: side, height: side, rgb }, signal)).verdict;
  };

  it.each(HARMS)('finds %s and names its category', { timeout: 120_000 }, async (harm) => {
    let found = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
      const { allowed, top } = await verdictOn(seed, harm, seed % 2 ? 64 : 256);
      if (!allowed && top.category === CATEGORY[harm]) found++;
    }
    expect(found).toBeGreaterThanOrEqual(LEAST[harm]);
  });

  it('lets the same scenes pass without them', { timeout: 120_000 }, async () => {
    let blocked = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + 40; seed++)
      if (!(await verdictOn(seed, 'none', seed % 2 ? 64 : 256)).allowed) blocked++;
    expect(blocked).toBeLessThanOrEqual(1);
  });
});
