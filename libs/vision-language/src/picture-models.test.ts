/** The starter's portrait classifier and quality scorer on drawings that they never saw; skipped for a bundle without them. */
import { defaultBundlePath, openBundle } from '@atelier/models';
import { composeScene, renderRgb } from '@atelier/scenes';
import { expect, test } from 'vitest';
import { openAttributeReader } from './attribute-reader.ts';
import { openQualityScorer } from './quality-scorer.ts';

const path = process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath();
const bundle = await openBundle(path, { roles: [] });
const seeds = Array.from({ length: 40 }, (_, i) => 80_000 + i);

test.skipIf(!bundle.has('portrait_classifier'))(
  'a portrait’s age, gender presentation and skin tone are read off it, and no landscape has any',
  { timeout: 60_000 },
  async () => {
    const reader = await openAttributeReader(bundle, 'portrait_classifier');
    try {
      const right: boolean[] = [];
      for (const seed of seeds) {
        const scene = composeScene(seed, { domain: 'portrait' });
        const { seen, certainty } = await reader.read(await renderRgb(scene, 64));
        for (const key of ['age', 'gender', 'skin.tone']) {
          right.push(seen[key] === scene.attributes[key]);
          expect(certainty[key]).toBeGreaterThan(1 / (reader.classes[key] as string[]).length);
        }
      }
      expect(right.filter(Boolean).length / right.length).toBeGreaterThan(0.93);
      const sea = composeScene(81_000, { domain: 'landscape', fixed: { place: 'sea' } });
      expect((await reader.read(await renderRgb(sea, 64))).seen).toMatchObject({ age: '', gender: '' });
    } finally {
      await reader.close();
    }
  },
);

test.skipIf(!bundle.has('quality'))(
  'a spoilt picture scores below itself, and most clean ones reach the threshold',
  { timeout: 60_000 },
  async () => {
    const scorer = await openQualityScorer(bundle);
    try {
      const below: boolean[] = [];
      const reach: boolean[] = [];
      for (const seed of seeds) {
        const rgb = await renderRgb(composeScene(seed), 64);
        const clean = await scorer.score(rgb);
        reach.push(clean >= scorer.threshold);
        for (const spoilt of [rgb.map((value) => 0.3 * value), inSquares(rgb, 4)])
          below.push((await scorer.score(spoilt)) < clean);
      }
      expect(below.filter(Boolean).length / below.length).toBeGreaterThan(0.9);
      expect(reach.filter(Boolean).length).toBeGreaterThanOrEqual(39);
    } finally {
      await scorer.close();
    }
  },
);

/** Each square of `size` pixels in the colour of its corner. */
function inSquares(rgb: Uint8Array, size: number): Uint8Array {
  const corner = (value: number): number => value - (value % size);
  return rgb.map((_, at) => {
    const pixel = Math.floor(at / 3);
    const [x, y] = [corner(pixel % 64), corner(Math.floor(pixel / 64))];
    return rgb[3 * (64 * y + x) + (at % 3)] as number;
  });
}
