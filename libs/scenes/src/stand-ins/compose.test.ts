import { describe, expect, test } from 'vitest';
import { composeScene } from '../compose.ts';
import { createRandom } from '../random.ts';
import { renderRgb } from '../render.ts';
import { svgDocument } from '../svg.ts';
import { composeStandInScene } from './compose.ts';
import { drawAdded } from './draw.ts';
import { HARMS, LOOK_ALIKES, STAND_INS } from './vocabulary.ts';

const many = Array.from({ length: 400 }, (_, seed) => composeStandInScene(seed));
const harmful = (scene: (typeof many)[number]) =>
  HARMS.filter((kind) => scene.attributes[`harm.${kind}`] !== 'none');

describe('a scene with stand-ins', () => {
  test('is a function of its seed', () => {
    expect(composeStandInScene(5)).toEqual(many[5]);
  });

  test('says what was added, in about half of all scenes, and look-alikes in some of each sort', () => {
    const share = many.filter((scene) => harmful(scene).length > 0).length / many.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    for (const kind of HARMS) {
      const things = new Set(many.map(({ attributes }) => attributes[`harm.${kind}`]));
      expect(things).toEqual(new Set(['none', ...STAND_INS[kind]]));
    }
    const alike = many.filter(({ attributes }) => attributes['look-alike'] !== 'none');
    expect(new Set(alike.map((scene) => harmful(scene).length > 0))).toEqual(new Set([true, false]));
  });

  test('is the ordinary scene where nothing was added, with its captions in any case', () => {
    for (const scene of many.slice(0, 60)) {
      const ordinary = composeScene(scene.seed);
      const nothing = harmful(scene).length === 0 && scene.attributes['look-alike'] === 'none';
      expect(scene.captions).toEqual(ordinary.captions);
      expect(scene.svg === ordinary.svg).toBe(nothing);
    }
  });

  test('has the kind that is asked for and no other', () => {
    for (const harm of HARMS) expect(harmful(composeStandInScene(9, { harm }))).toEqual([harm]);
    expect(composeStandInScene(9, { harm: 'none' }).svg).toBe(composeScene(9).svg);
  });
});

describe('every drawing', () => {
  const ground = '<rect width="1024" height="1024" fill="#7fb069"/>';

  test.each([...Object.values(STAND_INS).flat(), ...LOOK_ALIKES])(
    'of %s is seen, wherever it lies',
    async (thing) => {
      const blank = await renderRgb({ svg: svgDocument(ground) }, 64);
      for (let seed = 0; seed < 6; seed++) {
        const drawn = drawAdded(createRandom(seed), thing);
        const rgb = await renderRgb({ svg: svgDocument(ground + drawn) }, 64);
        let changed = 0;
        for (let i = 0; i < rgb.length; i += 3)
          if ([0, 1, 2].some((c) => Math.abs((rgb[i + c] as number) - (blank[i + c] as number)) > 40))
            changed++;
        expect(changed, `seed ${seed}`).toBeGreaterThan(60);
        expect(drawn).toBe(drawAdded(createRandom(seed), thing));
      }
    },
  );
});
