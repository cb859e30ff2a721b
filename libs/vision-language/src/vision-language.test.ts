/** The starter's dual encoder and captioner on drawings that they never saw; skipped for a bundle without them. */
import { defaultBundlePath, openBundle } from '@atelier/models';
import { composeScene, renderRgb } from '@atelier/scenes';
import { expect, test } from 'vitest';
import { openCaptioner, sentence } from './captioner.ts';
import { cosine, openDualEncoder } from './dual-encoder.ts';
import { picturePlanes } from './picture.ts';
import { openTextReader } from './text-states.ts';

const path = process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath();
const bundle = await openBundle(path, { roles: ['text_encoder'] });
const able = bundle.has('dual_encoder') && bundle.has('captioner');

test.skipIf(!able)(
  'a caption of its picture matches better than another one',
  { timeout: 60_000 },
  async () => {
    const [reader, dual] = await Promise.all([openTextReader(bundle), openDualEncoder(bundle)]);
    try {
      const scenes = [70_001, 70_002, 70_003, 70_004, 70_005, 70_006].map((seed) => composeScene(seed));
      const texts = await Promise.all(
        scenes.map(async ({ captions }) => {
          const fullest = captions.reduce((a, b) => (b.states.length > a.states.length ? b : a));
          return await dual.embedText(await reader.read(fullest.text));
        }),
      );
      for (const [i, scene] of scenes.entries()) {
        const { embedding } = await dual.embedPicture(await renderRgb(scene, 64));
        const cosines = texts.map((text) => cosine(embedding, text));
        expect(cosines.indexOf(Math.max(...cosines))).toBe(i);
      }
    } finally {
      await Promise.all([reader.close(), dual.close()]);
    }
  },
);

test.skipIf(!able)('a caption says what is in the picture', { timeout: 60_000 }, async () => {
  const [dual, captioner] = await Promise.all([openDualEncoder(bundle), openCaptioner(bundle)]);
  try {
    const scene = composeScene(7, {
      domain: 'abstract',
      fixed: { kind: 'shapes', 'group1.shape': 'circle', 'group1.colour': 'red', background: 'white' },
    });
    const { features } = await dual.embedPicture(await renderRgb(scene, 64));
    for (const beams of [1, 3]) {
      const caption = await captioner.caption(features, beams);
      expect(caption).toMatch(/red|scarlet|crimson|ruby/);
      expect(caption).not.toMatch(/##|\[/);
    }
  } finally {
    await Promise.all([dual.close(), captioner.close()]);
  }
});

test('pieces become words, punctuation stays with its word', () => {
  expect(sentence('a sail ##boat at sea . no clouds , day')).toBe('a sailboat at sea. no clouds, day');
  expect(sentence('a jet - black dog')).toBe('a jet-black dog');
});

test('a picture of another size is refused', () => {
  expect(() => picturePlanes(new Uint8Array(12))).toThrow('12 bytes');
});
