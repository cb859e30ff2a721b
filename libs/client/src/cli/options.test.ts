import { Sampler } from '@atelier/contracts';
import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { outputPath, slug } from './output-path.ts';

describe('readOptions', () => {
  it('reads everything there is', () => {
    const line = [
      'A boat',
      '--seed=7',
      '--steps',
      '30',
      '--guidance',
      '4.5',
      '--negative',
      'rain',
      '--count',
      '2',
    ];
    expect(readOptions([...line, '--size', '256', '--no-enhance', '--json', '--out', 'x.png'])).toEqual({
      request: {
        prompt: 'A boat',
        negativePrompt: 'rain',
        enhance: false,
        seed: 7,
        steps: 30,
        guidanceScale: 4.5,
        count: 2,
        size: 256,
      },
      options: {},
      out: 'x.png',
      json: true,
    });
  });

  it('leaves to the server what is not said', () => {
    expect(readOptions(['A boat'])?.request).toEqual({ prompt: 'A boat', negativePrompt: '', enhance: true });
    expect(readOptions(['--help'])).toBeNull();
  });

  it('reads what a picture is begun from', () => {
    const line = [
      'A boat',
      '--sampler',
      'euler-ancestral',
      '--init',
      'a.png',
      '--strength',
      '0.5',
      '--mask',
      'm.png',
    ];
    expect(readOptions(line)).toMatchObject({
      options: { sampler: Sampler.EULER_ANCESTRAL, strength: 0.5 },
      init: 'a.png',
      mask: 'm.png',
    });
  });

  it.each([
    [[], 'one prompt is wanted'],
    [['a', 'b'], 'one prompt is wanted'],
    [[''], 'the prompt must have at least 1 word'],
    [['word '.repeat(129)], 'at most 128 words'],
    [['a', '--seed', '-1'], '--seed'],
    [['a', '--seed', '4294967296'], '--seed must be an integer from 0 to 4294967295'],
    [['a', '--seed', '1.5'], '--seed must be an integer'],
    [['a', '--seed', ''], '--seed must be an integer'],
    [['a', '--steps', '0'], '--steps must be an integer from 1 to 1000'],
    [['a', '--steps', '10001'], '--steps'],
    [['a', '--guidance', 'NaN'], '--guidance must be a number from 0 to 30'],
    [['a', '--count', '9'], '--count'],
    [['a', '--size', '512'], '--size must be 64, 256 or 1024'],
    [['a', '--negative', 'no '.repeat(129)], '--negative must have at most 128 words'],
    [['a', '--sampler', 'best'], '--sampler must be one of ddim, ddpm,'],
    [['a', '--mask', 'm.png'], '--mask needs --init'],
    [['a', '--strength', '0.5'], '--strength needs --init'],
    [['a', '--init', 'a.png', '--strength', '0'], '--strength must be a number from 0.001 to 1'],
    [['a', '--colour'], '--colour'],
  ])('refuses %j', (args, complaint) => {
    expect(() => readOptions(args)).toThrow(complaint);
  });
});

describe('outputPath', () => {
  const path = (out?: string, count = 1) => outputPath({ out, cwd: '/w', prompt: 'A boat!', seed: 7, count });

  it('is named after prompt and seed unless it is given', () => {
    expect(path()).toBe('/w/out/a-boat-7.png');
    expect(path('x/y.png')).toBe('/w/x/y.png');
    expect(path('/x/')).toBe('/x/a-boat-7.png');
    expect(path('y.png', 2)).toBe('/w/y-7.png');
    expect(path('y', 2)).toBe('/w/y-7.png');
  });

  it('makes a safe name of any prompt', () => {
    expect(slug('Žluťoučký kůň, ../../etc')).toBe('zlutoucky-kun-etc');
    expect(slug('海')).toBe('picture');
    expect(slug('very '.repeat(50)).length).toBeLessThanOrEqual(48);
    expect(slug('x'.repeat(100))).toBe('x'.repeat(48));
  });
});
