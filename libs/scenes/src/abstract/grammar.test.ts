import { describe, expect, test } from 'vitest';
import { COLOURS, type Colour } from '../palette.ts';
import { createRandom } from '../random.ts';
import { renderRgb } from '../render.ts';
import type { Attributes } from '../scene.ts';
import { svgDocument } from '../svg.ts';
import { ABSTRACT_VOCABULARY, abstractGrammar } from './grammar.ts';

const draw = (seed: number, fixed?: Attributes) => abstractGrammar(createRandom(`abstract/${seed}`), fixed);
const many = Array.from({ length: 4000 }, (_, seed) => draw(seed).attributes);
const shapes = many.filter((a) => a.kind === 'shapes');
const share = (holds: (attributes: Attributes) => boolean, among: readonly Attributes[]): number =>
  among.filter(holds).length / among.length;

describe('attributes', () => {
  test('come from the closed vocabulary, every key every time', () => {
    for (const attributes of many) {
      expect(Object.keys(attributes).sort()).toEqual(Object.keys(ABSTRACT_VOCABULARY).sort());
      for (const [key, value] of Object.entries(attributes))
        expect(ABSTRACT_VOCABULARY[key as keyof typeof ABSTRACT_VOCABULARY]).toContain(value);
    }
  });

  test('are a function of the seed', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7).body).not.toBe(draw(8).body);
  });

  test.each(
    Object.entries(ABSTRACT_VOCABULARY).flatMap(([key, values]) =>
      values.map((value) => [key, value] as const),
    ),
  )('can be pinned: %s = %s', (key, value) => {
    for (let seed = 0; seed < 20; seed++) expect(draw(seed, { [key]: value }).attributes[key]).toBe(value);
  });

  test('pin a whole scene', () => {
    const fixed = {
      'group1.shape': 'circle',
      'group1.colour': 'red',
      'group1.count': '2',
      'group2.shape': 'square',
      'group2.colour': 'blue',
      'group2.count': '1',
      relation: 'above',
      background: 'white',
    };
    expect(draw(1, fixed).attributes).toMatchObject(fixed);
  });

  test('are rejected by name when unknown or contradictory', () => {
    expect(() => draw(1, { mood: 'blue' })).toThrow(/mood/);
    expect(() => draw(1, { 'group1.shape': 'hexagon' })).toThrow(/hexagon/);
    expect(() => draw(1, { 'group1.colour': 'red', background: 'red' })).toThrow(RangeError);
    expect(() => draw(1, { kind: 'stripes', relation: 'above' })).toThrow(RangeError);
    expect(() => draw(1, { relation: 'none', 'group2.count': '2' })).toThrow(RangeError);
    expect(() => draw(1, { kind: 'gradient', direction: 'diagonal' })).toThrow(RangeError);
  });

  test('never let two things melt into one', () => {
    for (const a of shapes) {
      expect(a['group1.colour']).not.toBe(a.background);
      expect(a['group2.colour']).not.toBe(a.background);
      expect((a.relation === 'none') === (a['group2.shape'] === 'none')).toBe(true);
      if (a['group2.shape'] !== 'none')
        expect([a['group1.shape'], a['group1.colour']]).not.toEqual([a['group2.shape'], a['group2.colour']]);
    }
    for (const a of many.filter((b) => b.kind !== 'shapes')) expect(a.colour1).not.toBe(a.colour2);
  });

  test('are balanced over shapes, counts and relations', () => {
    for (const shape of ['circle', 'square', 'triangle', 'star', 'heart', 'diamond'])
      expect(Math.abs(share((a) => a['group1.shape'] === shape, shapes) - 1 / 6), shape).toBeLessThan(0.03);
    const alone = shapes.filter((a) => a.relation === 'none');
    for (const count of ['1', '2', '3', '4'])
      expect(Math.abs(share((a) => a['group1.count'] === count, alone) - 0.233), count).toBeLessThan(0.05);
    const two = shapes.filter((a) => a.relation !== 'none');
    expect(two.length / shapes.length).toBeGreaterThan(0.6);
    for (const relation of ['above', 'left', 'inside'])
      expect(share((a) => a.relation === relation, two)).toBeGreaterThan(0.24);
  });
});

type Label = string | undefined;

/** The named colour of every pixel of the 64×64 render among those given; undefined where none is near. */
async function labels(body: string, names: readonly Colour[]): Promise<Label[]> {
  const rgb = await renderRgb({ svg: svgDocument(body) }, 64);
  const distance = (i: number, name: Colour): number =>
    Math.hypot(
      ...[0, 1, 2].map(
        (c) => (rgb[i * 3 + c] ?? 0) - Number.parseInt(COLOURS[name].slice(1 + 2 * c, 3 + 2 * c), 16),
      ),
    );
  return Array.from({ length: 4096 }, (_, i) => {
    const nearest = names.reduce((a, b) => (distance(i, a) <= distance(i, b) ? a : b));
    return distance(i, nearest) < 64 ? nearest : undefined;
  });
}

/** Sizes and centres of the connected areas (4-neighbours, at least 12 pixels) with a label. */
function areas(of: readonly Label[], label: string): { size: number; x: number; y: number }[] {
  const seen = new Set<number>();
  const found = [];
  for (let start = 0; start < 4096; start++) {
    if (of[start] !== label || seen.has(start)) continue;
    const stack = [start];
    const members: number[] = [];
    seen.add(start);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      members.push(i);
      const [x, y] = [i % 64, Math.floor(i / 64)];
      for (const [nx, ny] of [
        [x - 1, y],
        [x + 1, y],
        [x, y - 1],
        [x, y + 1],
      ] as const) {
        const next = ny * 64 + nx;
        if (nx < 0 || nx > 63 || ny < 0 || ny > 63 || seen.has(next) || of[next] !== label) continue;
        seen.add(next);
        stack.push(next);
      }
    }
    const mean = (value: (i: number) => number): number =>
      members.reduce((sum, i) => sum + value(i), 0) / members.length;
    if (members.length >= 12)
      found.push({ size: members.length, x: mean((i) => i % 64), y: mean((i) => Math.floor(i / 64)) });
  }
  return found;
}

describe('pictures at 64×64', () => {
  test('show each count as that many areas, and each relation as such', async () => {
    let relations = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { attributes: a, body } = draw(seed, { kind: 'shapes' });
      const names = [...new Set([a['group1.colour'], a['group2.colour'], a.background])].filter(
        (c) => c !== 'none',
      ) as Colour[];
      // Two groups of one colour cannot be told apart by colour alone.
      if (a['group1.colour'] === a['group2.colour']) continue;
      const of = await labels(body, names);
      const first = areas(of, a['group1.colour'] as string);
      expect(first.length, `seed ${seed}: ${JSON.stringify(a)}`).toBe(Number(a['group1.count']));
      if (a.relation === 'none') continue;
      relations++;
      const second = areas(of, a['group2.colour'] as string);
      expect(second.length, `seed ${seed}: ${JSON.stringify(a)}`).toBe(Number(a['group2.count']));
      const below = Math.min(...second.map((s) => s.y)) - Math.max(...first.map((s) => s.y));
      const right = Math.min(...second.map((s) => s.x)) - Math.max(...first.map((s) => s.x));
      if (a.relation === 'above') expect(below).toBeGreaterThan(8);
      if (a.relation === 'left') expect(right).toBeGreaterThan(8);
    }
    expect(relations).toBeGreaterThan(50);
  });

  test.each(['stripes', 'checkerboard', 'dots', 'rings', 'sunburst'] as const)(
    'fill %s with both colours',
    async (kind) => {
      for (let seed = 0; seed < 6; seed++) {
        const { attributes: a, body } = draw(seed, { kind });
        const of = await labels(body, [a.colour1, a.colour2] as Colour[]);
        for (const colour of [a.colour1, a.colour2])
          expect(of.filter((label) => label === colour).length / 4096, `${seed} ${colour}`).toBeGreaterThan(
            0.2,
          );
      }
    },
  );

  test('lay stripes and gradients in the stated direction', async () => {
    for (const kind of ['stripes', 'gradient'])
      for (const direction of ['horizontal', 'vertical']) {
        const rgb = await renderRgb(
          { svg: svgDocument(draw(3, { kind, direction, colour1: 'red', colour2: 'blue' }).body) },
          64,
        );
        const red = (x: number, y: number): number => rgb[(y * 64 + x) * 3] ?? 0;
        const along = (step: (i: number) => number): number =>
          Array.from({ length: 63 }, (_, i) => Math.abs(step(i + 1) - step(i))).reduce((a, b) => a + b);
        const [across, down] = [along((i) => red(i, 30)), along((i) => red(30, i))];
        // Horizontal stripes change downwards; a horizontal gradient changes across.
        const changesDown = (kind === 'stripes') === (direction === 'horizontal');
        expect(down > across, `${kind} ${direction}`).toBe(changesDown);
      }
  });
});
