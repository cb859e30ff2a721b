import { describe, expect, test } from 'vitest';
import { composeScene } from './compose.ts';
import { renderPng, renderRgb } from './render.ts';
import { DOMAINS } from './scene.ts';

describe('composeScene', () => {
  test('is a function of seed and options', () => {
    expect(composeScene(12)).toEqual(composeScene(12));
    expect(composeScene(12).svg).not.toBe(composeScene(13).svg);
  });

  test('draws every domain, portraits and abstract scenes often enough', () => {
    const drawn = Array.from({ length: 600 }, (_, seed) => composeScene(seed).domain);
    for (const domain of DOMAINS) expect(drawn.filter((d) => d === domain).length / 600).toBeGreaterThan(0.2);
  });

  test('pins what is asked for', () => {
    const scene = composeScene(5, { domain: 'portrait', fixed: { glasses: 'sunglasses', hat: 'cap' } });
    expect(scene.attributes).toMatchObject({ glasses: 'sunglasses', hat: 'cap' });
    expect(() => composeScene(5, { domain: 'portrait', fixed: { tail: 'long' } })).toThrow(/tail/);
  });
});

describe('rendering', () => {
  test.each([64, 256])('fills %i×%i pixels, alike at every size', async (size) => {
    const scene = composeScene(3, {
      domain: 'abstract',
      fixed: { kind: 'stripes', colour1: 'red', colour2: 'white', direction: 'vertical' },
    });
    const rgb = await renderRgb(scene, size);
    expect(rgb.length).toBe(size * size * 3);
    // The first stripe is red down to the lower edge.
    const [r = 0, g = 0] = rgb.slice((size * (size - 2) + 2) * 3);
    expect(r - g).toBeGreaterThan(100);
    const png = await renderPng(scene, size);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(size);
  });
});
