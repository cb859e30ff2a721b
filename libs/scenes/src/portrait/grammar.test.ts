import { describe, expect, test } from 'vitest';
import { COLOURS } from '../palette.ts';
import { createRandom } from '../random.ts';
import { renderRgb } from '../render.ts';
import type { Attributes } from '../scene.ts';
import { svgDocument } from '../svg.ts';
import { PORTRAIT_VOCABULARY, portraitGrammar } from './grammar.ts';
import { MONK_TONES, SKINS, skinTone } from './vocabulary.ts';

const draw = (seed: number, fixed?: Attributes) => portraitGrammar(createRandom(`portrait/${seed}`), fixed);
const many = Array.from({ length: 3000 }, (_, seed) => draw(seed).attributes);
const share = (holds: (attributes: Attributes) => boolean, among = many): number =>
  among.filter(holds).length / among.length;

type Rgb = readonly [number, number, number];
const parse = (hex: string): Rgb =>
  [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Pixel (x, y) of the 64×64 render, and the share of pixels within `near` of a colour (RGB distance). */
async function look(body: string) {
  const rgb = await renderRgb({ svg: svgDocument(body) }, 64);
  const at = (x: number, y: number): Rgb =>
    [0, 1, 2].map((c) => rgb[(y * 64 + x) * 3 + c] ?? 0) as unknown as Rgb;
  const all = Array.from({ length: 4096 }, (_, i) => at(i % 64, Math.floor(i / 64)));
  return {
    at,
    shareNear: (hex: string, near: number) => all.filter((p) => distance(p, parse(hex)) < near).length / 4096,
  };
}

describe('attributes', () => {
  test('come from the closed vocabulary, every key every time', () => {
    for (const attributes of many) {
      expect(Object.keys(attributes).sort()).toEqual(Object.keys(PORTRAIT_VOCABULARY).sort());
      for (const [key, value] of Object.entries(attributes))
        expect(PORTRAIT_VOCABULARY[key as keyof typeof PORTRAIT_VOCABULARY]).toContain(value);
    }
  });

  test('are a function of the seed', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7).body).not.toBe(draw(8).body);
  });

  test.each(
    Object.entries(PORTRAIT_VOCABULARY).flatMap(([key, values]) =>
      values.map((value) => [key, value] as const),
    ),
  )('can be pinned: %s = %s', (key, value) => {
    for (let seed = 0; seed < 10; seed++) expect(draw(seed, { [key]: value }).attributes[key]).toBe(value);
  });

  test('are rejected by name when unknown or contradictory', () => {
    expect(() => draw(1, { wings: 'two' })).toThrow(/wings/);
    expect(() => draw(1, { hat: 'crown' })).toThrow(/crown/);
    expect(() => draw(1, { hat: 'none', 'hat.colour': 'red' })).toThrow(RangeError);
    expect(() => draw(1, { skin: 'monk1', 'skin.tone': 'dark' })).toThrow(RangeError);
  });

  test('are balanced over age, gender, skin and expression', () => {
    for (const [key, tolerance] of [
      ['age', 0.04],
      ['gender', 0.04],
      ['skin', 0.025],
      ['expression', 0.04],
      ['background', 0.025],
      ['clothing.colour', 0.025],
    ] as const) {
      const values = PORTRAIT_VOCABULARY[key];
      for (const value of values)
        expect(Math.abs(share((a) => a[key] === value) - 1 / values.length), `${key}=${value}`).toBeLessThan(
          tolerance,
        );
    }
  });

  test('skin says nothing about age, gender, glasses or expression', () => {
    for (const tone of ['light', 'medium', 'dark']) {
      const group = many.filter((a) => a['skin.tone'] === tone);
      expect(Math.abs(share((a) => a.gender === 'woman', group) - 0.5)).toBeLessThan(0.06);
      expect(Math.abs(share((a) => a.age === 'old', group) - 0.25)).toBeLessThan(0.06);
      expect(Math.abs(share((a) => a.glasses === 'none', group) - 0.5)).toBeLessThan(0.06);
      expect(Math.abs(share((a) => a.expression === 'sad', group) - 0.25)).toBeLessThan(0.06);
    }
  });

  test('are plausible: only grown men have beards, old people mostly grey or white hair', () => {
    for (const a of many) {
      if (a.gender === 'woman' || a.age === 'child') expect(a.beard).toBe('none');
      expect(a['clothing.colour']).not.toBe(a.background);
      expect(a['hat.colour']).not.toBe(a.background);
      expect(a['skin.tone']).toBe(skinTone(a.skin as (typeof SKINS)[number]));
    }
    const old = many.filter((a) => a.age === 'old' && a['hair.colour'] !== 'none');
    expect(share((a) => a['hair.colour'] === 'grey' || a['hair.colour'] === 'white', old)).toBeGreaterThan(
      0.8,
    );
  });
});

describe('pictures at 64×64', () => {
  test.each(SKINS)('show the skin of %s', async (skin) => {
    const { shareNear } = await look(
      draw(3, {
        skin,
        glasses: 'none',
        beard: 'none',
        hat: 'none',
        background: 'blue',
        age: 'adult',
        'clothing.colour': 'green',
      }).body,
    );
    expect(shareNear(MONK_TONES[skin], 48)).toBeGreaterThan(0.04);
  });

  test.each(['red', 'yellow', 'green', 'blue', 'purple', 'black', 'white'] as const)(
    'show %s clothes and hats',
    async (colour) => {
      const background = colour === 'yellow' ? 'blue' : 'yellow';
      const fixed = {
        background,
        skin: 'monk5',
        'hair.style': 'short',
        'hair.colour': 'brown',
        age: 'young',
        gender: 'man',
        glasses: 'none',
        beard: 'none',
      };
      const plain = await look(draw(5, { ...fixed, hat: 'none', 'clothing.colour': 'orange' }).body);
      const dressed = await look(draw(5, { ...fixed, hat: 'none', 'clothing.colour': colour }).body);
      const hatted = await look(
        draw(5, { ...fixed, hat: 'beanie', 'hat.colour': colour, 'clothing.colour': 'orange' }).body,
      );
      const before = plain.shareNear(COLOURS[colour], 60);
      expect(dressed.shareNear(COLOURS[colour], 60) - before).toBeGreaterThan(0.06);
      expect(hatted.shareNear(COLOURS[colour], 60) - before).toBeGreaterThan(0.02);
    },
  );

  test('have the wall in the upper corners, lighter than or like its colour', async () => {
    for (const background of PORTRAIT_VOCABULARY.background) {
      const { at } = await look(
        draw(11, { background, 'clothing.colour': background === 'red' ? 'blue' : 'red', hat: 'none' }).body,
      );
      expect(distance(at(2, 2), parse(COLOURS[background])), background).toBeLessThan(75);
    }
  });

  test('differ visibly in expression, glasses and beard', async () => {
    const fixed = {
      skin: 'monk4',
      age: 'adult',
      gender: 'man',
      'hair.style': 'short',
      'hair.colour': 'black',
      hat: 'none',
      glasses: 'none',
      beard: 'none',
      background: 'blue',
      'clothing.colour': 'red',
      expression: 'neutral',
    };
    const pixels = async (change: Attributes): Promise<Uint8Array> =>
      renderRgb({ svg: svgDocument(draw(2, { ...fixed, ...change }).body) }, 64);
    const plain = await pixels({});
    for (const change of [
      { expression: 'smiling' },
      { expression: 'sad' },
      { expression: 'surprised' },
      { glasses: 'glasses' },
      { glasses: 'sunglasses' },
      { beard: 'beard' },
      { beard: 'moustache' },
    ]) {
      const other = await pixels(change);
      let changed = 0;
      for (let i = 0; i < plain.length; i += 3)
        if (Math.abs((plain[i + 1] ?? 0) - (other[i + 1] ?? 0)) > 25) changed++;
      expect(changed, JSON.stringify(change)).toBeGreaterThan(20);
    }
  });
});
