import { describe, expect, it } from 'vitest';
import { shippedPolicy, toCategories } from './policy.ts';
import { decide } from './verdict.ts';

const policy = shippedPolicy();
const nsfw = (classes: Partial<Record<'drawing' | 'hentai' | 'neutral' | 'porn' | 'sexy', number>>) =>
  toCategories(policy, 'nsfwjs/mobilenet_v2', {
    drawing: 0,
    hentai: 0,
    neutral: 0,
    porn: 0,
    sexy: 0,
    ...classes,
  });

describe('the picture policy', () => {
  it('adds up what means nudity', () => {
    expect(nsfw({ porn: 0.5, hentai: 0.2, neutral: 0.3 }).nudity).toBeCloseTo(0.7);
    expect(nsfw({ sexy: 1 }).nudity).toBeCloseTo(0.4);
    expect(nsfw({ drawing: 1 })).toEqual({});
  });

  it('takes a classifier that it does not list at its word', () => {
    expect(toCategories(policy, 'starter/harm_classifier', { violence: 0.8, sunset: 1 })).toEqual({
      violence: 0.8,
    });
  });

  it.each([
    ['no number', { porn: Number.NaN }],
    ['a negative score', { porn: -0.1 }],
    ['a score above one', { porn: 1.5 }],
  ])('refuses %s', (_, classes) => expect(() => nsfw(classes)).toThrow(/porn/));

  it('refuses a classifier that leaves a class out', () => {
    expect(() => toCategories(policy, 'nsfwjs/mobilenet_v2', { porn: 0.1 })).toThrow(/hentai|sexy/);
  });
});

describe('decide', () => {
  it('allows with the highest score below its threshold', () => {
    expect(decide(policy, [nsfw({ porn: 0.64 })])).toMatchObject({
      allowed: true,
      top: { category: 'nudity', score: 0.64 },
    });
  });

  it('blocks at the threshold', () => {
    expect(decide(policy, [nsfw({ porn: 0.65 })])).toMatchObject({
      allowed: false,
      top: { threshold: 0.65 },
    });
  });

  it('follows the one that sees it', () => {
    const verdict = decide(policy, [nsfw({ neutral: 1 }), { violence: 0.9 }]);
    expect(verdict).toMatchObject({ allowed: false, member: 1, top: { category: 'violence', score: 0.9 } });
  });
});
