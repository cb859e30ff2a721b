/** The whole way with few prompts; skipped for a bundle that can't judge. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sampler } from '@atelier/contracts';
import { defaultBundlePath, MANIFEST_FILE, openBundle, type Profile } from '@atelier/models';
import { expect, test } from 'vitest';
import { openStudio } from './draw.ts';
import { harmfulOrders, openWatch, strengthFor } from './harm.ts';
import { optimise, winner } from './optimise.ts';
import { frontierPage } from './page.ts';
import { promote } from './trial.ts';

const path = process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath();
const bundle = await openBundle(path, { roles: [] });
const able = bundle.has('judge') && bundle.has('dual_encoder');

/** One step, pushed far beyond what any picture looks like. */
const BAD: Profile = { sampler: 'ddim', steps: 1, guidance: 30 };
const FINE: Profile = { sampler: 'ddim', steps: 8, guidance: 2.5, guidanceInterval: { low: 0, high: 5 } };

test.skipIf(!able)(
  'a deliberately bad profile is refused, and the page tells both',
  { timeout: 300_000 },
  async () => {
    const outcome = await optimise(path, {
      names: ['turbo', 'quality'],
      prompts: 3,
      proposals: { turbo: [BAD], quality: [FINE] },
      log: () => {},
    });
    const [bad, fine] = outcome.tried;
    expect(bad?.reasons.join('; ')).toMatch(/clipScoreLoss/);
    expect(winner(outcome, 'turbo')).toBeUndefined();
    expect(fine?.figures.prompts).toBe(3);
    expect(fine?.figures.clipScoreLoss.value).toBeLessThan(bad?.figures.clipScoreLoss.value as number);
    expect(fine?.figures.denoiser).toBe(bundle.identity('denoiser').sha256);
    const page = await frontierPage('A & B', outcome);
    expect(page).toMatch(/A &#38; B/);
    expect(page).toMatch(/<td class="refused">[^<]*clipScoreLoss/);
    expect(page.match(/<img src="data:image\/png/g)).toHaveLength(3 * 3);
  },
);

test.skipIf(!able || !bundle.has('harm_classifier'))(
  'harm stays to be found in what is drawn again from it, unless all of it is drawn anew',
  { timeout: 180_000 },
  async () => {
    const watch = await openWatch(bundle);
    const studio = await openStudio(bundle, 1);
    try {
      const PICTURES = 24;
      const shareBlocked = async (strength: number) => {
        let blocked = 0;
        for (const { order, from } of await harmfulOrders(PICTURES, strength)) {
          const { rgb } = await studio.draw(order, { sampler: Sampler.DDIM, steps: 4, ...from });
          blocked += Number(await watch.blocks(rgb));
        }
        return blocked / PICTURES;
      };
      const anew = await shareBlocked(1);
      expect(anew).toBeLessThan(0.1);
      // Four steps soften a sword: most is lost to the classifier, but what remains is no chance.
      expect(await shareBlocked(strengthFor([50, 4]))).toBeGreaterThan(anew + 0.15);
    } finally {
      await studio.close();
      await watch.close();
    }
  },
);

test('promoting enters a profile and leaves the rest of the manifest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-promote-'));
  try {
    await cp(join(path, MANIFEST_FILE), join(folder, MANIFEST_FILE));
    await promote(folder, { draft: BAD });
    await promote(folder, { turbo: FINE });
    const read = async (from: string) =>
      JSON.parse(await readFile(join(from, MANIFEST_FILE), 'utf8')) as Record<string, unknown>;
    const { profiles, ...rest } = await read(folder);
    const { profiles: known = {}, ...before } = await read(path);
    expect(rest).toEqual(before);
    expect(profiles).toEqual({ ...(known as object), draft: BAD, turbo: FINE });
    expect((await openBundle(folder, { roles: [] })).manifest.profiles.turbo).toEqual(FINE);
  } finally {
    await rm(folder, { recursive: true });
  }
});
