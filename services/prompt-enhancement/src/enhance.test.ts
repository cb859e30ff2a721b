import { createVocabulary } from '@atelier/models';
import { composeScene } from '@atelier/scenes';
import { describe, expect, it } from 'vitest';
import { enhance } from './enhance.ts';
import { AUTOMATIC_STYLES, SLOTS, STYLES } from './phrases.ts';
import { createRepresentation } from './representation.ts';
import { understand } from './understanding.ts';
import { worthOf } from './worth.ts';

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const PROMPTS = [
  'A boat on an ocean',
  'a dog',
  'three red sailboats',
  'a house.',
  'portrait of a woman with long red hair',
  'old man, grey hair, glasses',
  'two blue circles above a star',
  'An avocado armchair! ',
  'ein Boot 🚣 auf dem Meer',
];

describe('enhance', () => {
  it('keeps every letter of the prompt and says where each addition begins', () => {
    for (const prompt of PROMPTS)
      for (const seed of SEEDS) {
        const { prompt: enhanced, additions } = enhance(prompt, { seed });
        expect(enhanced.startsWith(prompt)).toBe(true);
        expect(additions.length).toBeGreaterThan(0);
        for (const { text, offset } of additions)
          expect([...enhanced].slice(offset, offset + [...text].length).join('')).toBe(text);
        expect(enhanced).not.toMatch(/ {2}|,,| ,/);
      }
  });

  it('gives the same for the same seed, and something else for most others', () => {
    const results = SEEDS.map((seed) => enhance('a dog', { seed }).prompt);
    expect(SEEDS.map((seed) => enhance('a dog', { seed }).prompt)).toEqual(results);
    expect(new Set(results).size).toBeGreaterThan(20);
  });

  it('adds nothing to what is stated', () => {
    const stated: [prompt: string, never: RegExp][] = [
      ['a boat at night', /sunset|golden|dawn|sunrise|evening|daylight/],
      ['a boat on a sunny day', /sunset|golden|dawn|sunrise|evening|cloud/],
      ['a dog in the snow', /clear|cloud|spring|summer|autumn/],
      ['a foggy forest', /clear|cloud|spring|summer|autumn/],
      ['a cottage in winter', /spring|summer|autumn/],
      ['a camel on a beach', /desert|dunes/],
      ['a cat in a kitchen', /meadow|field|countryside|sunset|dawn|sky|spring|summer|autumn/],
      ['a woman in a red dress', /wearing|background/],
      ['a man on a green background', /on an? (?!green)\w+ background/],
      ['a girl wearing a hat', /shirt|sweater/],
      ['a pencil sketch of a boat', /illustration|poster|drawing/],
      ['blue and red stripes', /background/],
      ['two red circles on blue', /background/],
    ];
    for (const [prompt, never] of stated)
      for (const seed of SEEDS)
        expect(enhance(prompt, { seed }).prompt.slice(prompt.length)).not.toMatch(never);
  });

  it('contradicts no attribute that a caption of the scene grammar states', () => {
    const facets = {
      time: 'time',
      weather: 'weather',
      season: 'season',
      place: 'place',
      background: 'background',
    };
    let checked = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { domain, captions } = composeScene(seed);
      if (domain === 'abstract') continue;
      for (const { text, states } of captions)
        for (const [attribute, facet] of Object.entries({ ...facets, 'clothing.colour': 'clothing' })) {
          if (!states.includes(attribute)) continue;
          checked++;
          const slots = SLOTS.filter(({ settles }) => settles === facet);
          const added = enhance(text, { seed }).prompt.slice(text.length);
          const phrases = slots.flatMap((slot) =>
            ['sea', 'desert', 'beach', 'city', 'meadow'].flatMap((habitat) => slot.phrases(habitat as 'sea')),
          );
          expect(
            phrases.filter((phrase) => added.includes(phrase)),
            text,
          ).toEqual([]);
        }
    }
    expect(checked).toBeGreaterThan(500);
  });

  it('treats prompts alike that differ in who is shown', () => {
    const people = [
      'woman',
      'man',
      'girl',
      'boy',
      'old woman',
      'young man',
      'black woman',
      'white man',
      'Asian woman',
      'Indian man',
    ];
    for (const form of ['a portrait of a #', '# with curly hair', 'a smiling #.', 'a # on a beach'])
      for (const seed of SEEDS) {
        const added = people.map((person) => {
          const prompt = form.replace('#', person);
          return enhance(prompt, { seed }).prompt.slice(prompt.length);
        });
        expect(new Set(added).size, `${form} ${seed}`).toBe(1);
      }
  });

  it('says nothing of age, gender or skin unless it is configured', () => {
    const representation = createRepresentation({
      phrases: ['with light skin', 'with dark skin'],
      unless: ['skin'],
    });
    const drawn = new Set<string>();
    for (const seed of SEEDS) {
      expect(enhance('a portrait of a doctor', { seed }).prompt).not.toMatch(/skin|old|young|woman|man\b/);
      const { additions } = enhance('a portrait of a doctor', { seed, representation });
      for (const { kind, text } of additions) if (kind === 'representation') drawn.add(text);
      expect(enhance('a doctor with dark skin', { seed, representation }).prompt).not.toContain('light skin');
      expect(enhance('a dog', { seed, representation }).prompt).not.toContain('skin');
    }
    expect([...drawn].sort()).toEqual(['with dark skin', 'with light skin']);
  });

  it('takes what a model proposes and fits, and the rules’ phrases where nothing does', () => {
    const options = { seed: 4, style: 'poster' };
    const { prompt, additions, modelled } = enhance('a boat', {
      ...options,
      proposals: ['on a lake', 'at sea', 'at dusk'],
    });
    expect(prompt).toBe('a boat on a lake at dusk, poster');
    expect(additions.map(({ kind }) => kind)).toEqual(['setting', 'light', 'style']);
    expect(modelled).toBe(true);
    expect(enhance('a boat', { ...options, proposals: ['next to a man'] })).toEqual(
      enhance('a boat', options),
    );
  });

  it('leaves out what makes pictures worse, and always adds what makes them better where it is open', () => {
    const worth = worthOf({
      landscape: {
        any: 0,
        words: { sunset: 0.1, dawn: 0.06, sunrise: 0.01, lake: 0.02, rain: -0.2, clouds: -0.03, birds: 0.02 },
      },
      abstract: { any: -0.1, words: { orange: 0.01 } },
    });
    const times = new Set<string>();
    for (const seed of SEEDS) {
      const { prompt, additions, modelled } = enhance('a boat', {
        seed,
        worth,
        style: 'poster',
        proposals: ['on a lake', 'in the rain', 'in misty air'],
      });
      expect(modelled).toBe(true);
      expect(prompt).toMatch(/^a boat on a lake at (sunset|dawn) with birds/);
      times.add(additions[1]?.text ?? '');
      expect(enhance('a boat at night', { seed, worth }).prompt).not.toMatch(/sunset|dawn/);
      expect(enhance('a red circle', { seed, worth }).additions.map(({ kind }) => kind)).toEqual(['style']);
    }
    expect(times).toEqual(new Set(['at sunset', 'at dawn']));
  });

  it('uses the style that is asked for, and unasked only what the models know', () => {
    expect(enhance('a boat', { seed: 1, style: 'watercolour' }).prompt).toMatch(/, watercolour painting$/);
    const knows = (phrase: string) => ['on the ocean', 'at sunset', 'poster'].includes(phrase);
    for (const seed of SEEDS)
      expect(enhance('a boat', { seed, knows }).prompt).toMatch(
        /^a boat( on the ocean)?( at sunset)?, poster$/,
      );
  });

  it('gives the prompt back when the result would exceed 128 words', () => {
    const prompt = 'boat '.repeat(126).trim();
    expect(enhance(prompt, { seed: 3 })).toEqual({ prompt, additions: [], modelled: false });
    expect(enhance('boat '.repeat(100).trim(), { seed: 3 }).additions.length).toBeGreaterThan(0);
  });
});

describe('phrases', () => {
  it('stay in the world that the starter draws', () => {
    const words = Array.from({ length: 3000 }, (_, seed) =>
      composeScene(seed).captions.map(({ text }) => text),
    ).flat();
    const vocabulary = createVocabulary([...new Set(words.join(' ').match(/\p{L}+/gu))]);
    const habitats = ['sea', 'desert', 'beach', 'city', 'meadow', undefined] as const;
    const phrases = SLOTS.flatMap((slot) => habitats.flatMap((habitat) => slot.phrases(habitat)));
    for (const phrase of [...phrases, ...AUTOMATIC_STYLES.map((name) => STYLES[name] as string)])
      expect(vocabulary.unknownConcepts(phrase), phrase).toEqual([]);
  });

  it('settle what they are said to settle, so that enhancing twice adds nothing twice', () => {
    for (const slot of SLOTS)
      for (const phrase of slot.phrases('meadow'))
        expect([...understand(phrase).settled], phrase).toContain(slot.settles);
  });
});
