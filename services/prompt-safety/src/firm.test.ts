import { describe, expect, it } from 'vitest';
import { EVASIONS } from './evasions.fixture.ts';
import { firmCategories } from './firm.ts';
import type { Hit } from './match.ts';
import { englishPolicy } from './policy/load.ts';
import type { Firing } from './rules.ts';
import { createScreener } from './screen.ts';

const policy = englishPolicy();
const hit = (from: number, disguised = false): Hit => ({ concept: 'blood', from, to: from + 1, disguised });
const fired = (score: number, ...hits: Hit[]): Firing => ({
  rule: { id: 'violence.test', category: 'violence', score, all: ['blood'], unless: [] },
  hits,
});
const weak = policy.overrule.strong - 0.01;

describe('rules that nobody overrules', () => {
  it.each([
    ['a strong one', [fired(policy.overrule.strong, hit(0))]],
    ['weak ones on several words', [fired(weak, hit(0)), fired(weak, hit(3))]],
    ['a weak one on a disguised word', [fired(weak, hit(0, true))]],
  ])('are %s', (_, firings) => expect([...firmCategories(policy, firings)]).toEqual(['violence']));

  it('are not weak ones on one plain word', () => {
    expect(firmCategories(policy, [fired(weak, hit(2)), fired(weak, hit(2), hit(4))]).size).toBe(0);
  });

  const screener = createScreener(policy);
  const weakText = 'a photograph with cocaine';
  it('are not those of a weak word as it stands', () => {
    const { firm, scores } = screener.screen(weakText);
    expect(scores.illegal).toBeGreaterThan(0);
    expect(firm.has('illegal')).toBe(false);
  });
  it.each([
    'zero-width spaces',
    'soft hyphens',
    'Cyrillic look-alikes',
    'full-width letters',
    'circled letters',
    'accents',
    'leet vowels',
    'letters spelt out',
    'dots',
    'words run together',
  ])('are those found under %s', (name) => {
    const { prompt } = EVASIONS[name]!(weakText);
    expect(screener.screen(prompt).firm.has('illegal')).toBe(true);
  });
});
