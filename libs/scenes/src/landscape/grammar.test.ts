import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { renderRgb } from '../render.ts';
import type { Attributes } from '../scene.ts';
import { svgDocument } from '../svg.ts';
import { LANDSCAPE_VOCABULARY, landscapeGrammar } from './grammar.ts';
import type { Key } from './vocabulary.ts';

const draw = (seed: number, fixed?: Attributes) => landscapeGrammar(createRandom(`test/${seed}`), fixed);
const many = Array.from({ length: 400 }, (_, seed) => draw(seed));

/** Mean colour of a square of the picture; x, y and half in 0..1. */
async function meanColour(
  body: string,
  x: number,
  y: number,
  half = 0.04,
): Promise<[number, number, number]> {
  const size = 64;
  const rgb = await renderRgb({ svg: svgDocument(body) }, size);
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let row = Math.round((y - half) * size); row < (y + half) * size; row++)
    for (let column = Math.round((x - half) * size); column < (x + half) * size; column++, count++)
      for (const channel of [0, 1, 2] as const) sum[channel] += rgb[(row * size + column) * 3 + channel] ?? 0;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Share of pixels for which `test` holds. */
async function share(body: string, holds: (r: number, g: number, b: number) => boolean): Promise<number> {
  const rgb = await renderRgb({ svg: svgDocument(body) }, 64);
  let hits = 0;
  for (let i = 0; i < rgb.length; i += 3) if (holds(rgb[i] ?? 0, rgb[i + 1] ?? 0, rgb[i + 2] ?? 0)) hits++;
  return hits / (rgb.length / 3);
}

describe('attributes', () => {
  test('come from the closed vocabulary, every key every time', () => {
    for (const { attributes } of many) {
      expect(Object.keys(attributes).sort()).toEqual(Object.keys(LANDSCAPE_VOCABULARY).sort());
      for (const [key, value] of Object.entries(attributes))
        expect(LANDSCAPE_VOCABULARY[key as Key]).toContain(value);
    }
  });

  test('are a function of the seed', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7).body).not.toBe(draw(8).body);
  });

  test.each(
    Object.entries(LANDSCAPE_VOCABULARY).flatMap(([key, values]) =>
      values.map((value) => [key, value] as const),
    ),
  )('can be pinned: %s = %s', (key, value) => {
    expect(draw(1, { [key]: value }).attributes[key]).toBe(value);
  });

  test('are rejected by name when unknown or impossible', () => {
    expect(() => draw(1, { planet: 'mars' })).toThrow(/planet/);
    expect(() => draw(1, { time: 'noonish' })).toThrow(/noonish.*time/);
    expect(() => draw(1, { place: 'desert', 'subject1.kind': 'sailboat' })).toThrow(RangeError);
  });
});

describe('captions', () => {
  test('are six to ten a scene, three to sixty words, all different', () => {
    for (const { captions } of many) {
      expect(captions.length).toBeGreaterThanOrEqual(6);
      expect(captions.length).toBeLessThanOrEqual(10);
      expect(new Set(captions.map(({ text }) => text.toLowerCase())).size).toBe(captions.length);
      for (const { text } of captions) {
        const words = text.split(/\s+/).length;
        expect(words, text).toBeGreaterThanOrEqual(3);
        expect(words, text).toBeLessThanOrEqual(60);
        expect(text).not.toMatch(/undefined|\ba [aeiou]|\ban [^aeiou]| ,|\s{2}/i);
      }
    }
  });

  const WORDS: Partial<Record<Key, Record<string, RegExp>>> = {
    time: {
      night: /\b(night|midnight|nighttime|after dark|in the dark)\b/i,
      sunset: /\b(sunset|dusk|sundown|golden hour)\b/i,
      dawn: /\b(dawn|sunrise|daybreak)\b/i,
    },
    weather: {
      rain: /\brain|downpour/i,
      snow: /\bsnowing|snow is falling|snowfall|snowflakes/i,
      fog: /\bfog|\bmist/i,
    },
    'subject1.count': { '2': /\b(two|pair|couple)\b/i, '3': /\bthree\b/i },
    'sky.body': { 'full moon': /full moon/i, 'crescent moon': /crescent/i },
  };

  test('tell the truth and list what they tell', () => {
    for (const { attributes, captions } of many)
      for (const { text, states } of captions) {
        expect(Object.keys(LANDSCAPE_VOCABULARY)).toEqual(expect.arrayContaining(states));
        for (const [key, table] of Object.entries(WORDS))
          for (const [value, words] of Object.entries(table))
            if (words.test(text)) {
              expect(attributes[key], text).toBe(value);
              expect(states, text).toContain(key);
            }
      }
  });

  test('leave open what they do not say: some bare caption of a boat names only boat and place', () => {
    const bare = many
      .flatMap(({ captions }) => captions)
      .filter(({ text }) =>
        /^an? (little boat|boat|vessel) (on|in) (an|the|a calm) (ocean|sea|waves)\.?$/i.test(text),
      );
    expect(bare.length).toBeGreaterThan(0);
    for (const { states } of bare) expect(states).toEqual(['place', 'subject1.count', 'subject1.group']);
  });

  test('use many words for a boat', () => {
    const text = many.flatMap(({ captions }) => captions.map((caption) => caption.text)).join(' ');
    for (const word of ['boat', 'yacht', 'sloop', 'dinghy', 'vessel', 'ship'])
      expect(text).toMatch(new RegExp(`\\b${word}`, 'i'));
  });
});

describe('pictures', () => {
  test('a red sail is red, a blue one blue, and large', async () => {
    const pinned = {
      place: 'sea',
      time: 'day',
      weather: 'clear',
      'subject1.kind': 'sailboat',
      'subject1.count': '1',
      'subject2.kind': 'none',
    };
    const red = await share(
      draw(3, { ...pinned, 'subject1.colour': 'red' }).body,
      (r, g, b) => r > 150 && g < 110 && b < 110,
    );
    const none = await share(
      draw(3, { ...pinned, 'subject1.colour': 'white' }).body,
      (r, g, b) => r > 150 && g < 110 && b < 110,
    );
    expect(red).toBeGreaterThan(0.06);
    expect(none).toBeLessThan(0.01);
  });

  test('night is darker than day, sunset warmer', async () => {
    const sky = (time: string) =>
      meanColour(
        draw(5, {
          place: 'desert',
          time,
          weather: 'clear',
          'sky.body': time === 'night' ? 'full moon' : 'sun',
        }).body,
        0.5,
        0.45,
      );
    const [day, night, sunset] = [await sky('day'), await sky('night'), await sky('sunset')];
    expect(day[2]).toBeGreaterThan(night[2] + 80);
    expect(sunset[0] - sunset[2]).toBeGreaterThan(60);
  });

  test('winter lies white on the meadow, autumn does not', async () => {
    const ground = (season: string) =>
      meanColour(
        draw(6, {
          place: 'meadow',
          time: 'day',
          weather: 'clear',
          season,
          'subject1.kind': 'dog',
          'subject1.count': '1',
          'subject2.kind': 'none',
        }).body,
        0.06,
        0.94,
      );
    expect(Math.min(...(await ground('winter')))).toBeGreaterThan(190);
    expect((await ground('autumn'))[2]).toBeLessThan(120);
  });

  test.each([
    ['dog', 'beach'],
    ['car', 'desert'],
    ['horse', 'mountains'],
    ['cat', 'city'],
    ['house', 'lake'],
    ['camel', 'forest'],
    ['lighthouse', 'meadow'],
  ])('a %s stands in the place asked for, %s, as large as anywhere', async (kind, place) => {
    const fixed = { place, time: 'day', weather: 'clear', 'subject1.count': '1' };
    const scene = draw(4, { ...fixed, 'subject1.kind': kind, 'subject2.kind': 'none' });
    const rgb = await renderRgb({ svg: svgDocument(scene.body) }, 64);
    const without = scene.body.replace(/<g transform(?:(?!<g ).)*?<\/g>$/s, '');
    expect(without).not.toBe(scene.body);
    const empty = await renderRgb({ svg: svgDocument(without) }, 64);
    let changed = 0;
    for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== empty[i] || rgb[i + 1] !== empty[i + 1]) changed++;
    expect(changed).toBeGreaterThan(0.04 * 64 * 64);
  });

  test('of two subjects each has its own colour, on its own side', async () => {
    const fixed = {
      place: 'meadow',
      time: 'day',
      weather: 'clear',
      'subject1.kind': 'house',
      'subject1.colour': 'red',
      'subject2.kind': 'car',
      'subject2.colour': 'blue',
    };
    for (const relation of ['left', 'right']) {
      const { body } = draw(9, { ...fixed, relation });
      const [house, car] = relation === 'left' ? [0.36, 0.77] : [0.73, 0.22];
      const [red, , green] = await meanColour(body, house, 0.81, 0.03);
      expect(red).toBeGreaterThan(green + 60);
      const [r, , b] = await meanColour(body, car, 0.79, 0.02);
      expect(b).toBeGreaterThan(r + 60);
    }
  });

  test('two of one kind differ in colour', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { attributes } = draw(seed, { 'subject1.kind': 'car', 'subject2.kind': 'car' });
      expect(attributes['subject2.colour']).not.toBe(attributes['subject1.colour']);
    }
  });

  test('the companion stands on the side the relation says', async () => {
    const fixed = {
      place: 'meadow',
      time: 'day',
      weather: 'clear',
      season: 'summer',
      'subject1.kind': 'horse',
      'subject1.colour': 'black',
      'subject2.kind': 'tree',
    };
    const ink = async (relation: string, x: number) => {
      const [r, g, b] = await meanColour(draw(9, { ...fixed, relation }).body, x, 0.68, 0.03);
      return r + g + b;
    };
    expect(await ink('left', 0.32)).toBeLessThan((await ink('right', 0.32)) - 100);
    expect(await ink('right', 0.69)).toBeLessThan((await ink('left', 0.69)) - 100);
  });
});
