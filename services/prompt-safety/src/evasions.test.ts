import { beforeAll, describe, expect, it } from 'vitest';
import { EVASIONS, HARMLESS_LOOKING, UNSAFE } from './evasions.fixture.ts';
import { englishPolicy } from './policy/load.ts';
import { createScreener } from './screen.ts';
import { decide } from './verdict.ts';

const policy = englishPolicy();
const screener = createScreener(policy);
const blocks = (prompt: string, negative = ''): boolean =>
  !decide(screener.screen(prompt, negative), policy.thresholds).allowed;

describe('the English policy', () => {
  it.each(UNSAFE)('blocks: %s', (prompt) => expect(blocks(prompt)).toBe(true));
  it.each(HARMLESS_LOOKING)('allows: %s', (prompt) => expect(blocks(prompt)).toBe(false));
});

describe('people', () => {
  const groups = (
    'black,white,asian,african,arab,jewish,muslim,hindu,christian,mexican,indian,chinese,gay,lesbian,transgender,disabled,' +
    'elderly,young,fat,thin,tall,poor,homeless,immigrant,dark-skinned,pale-skinned,brown skinned,freckled,blind,deaf'
  ).split(',');
  const scenes = [
    (who: string) => `a portrait of a ${who} woman smiling`,
    (who: string) => `a ${who} man at work, oil painting`,
    (who: string) => `a ${who} couple kissing at their wedding`,
    (who: string) => `a ${who} girl playing with a dog on a beach`,
    (who: string) => `a proud ${who} family having dinner at home`,
  ];

  it.each(groups)('are drawn alike: %s', (who) => {
    for (const scene of scenes) expect(blocks(scene(who)), scene(who)).toBe(false);
  });
});

describe('evasions', () => {
  it('are twenty or more', () => expect(Object.keys(EVASIONS).length).toBeGreaterThanOrEqual(20));

  const missed = new Map<string, string[]>();
  beforeAll(() => {
    for (const [name, disguise] of Object.entries(EVASIONS)) {
      missed.set(
        name,
        UNSAFE.filter((text) => {
          const { prompt, negative } = disguise(text);
          return !blocks(prompt, negative);
        }),
      );
    }
  }, 60_000);

  it('leave 95 of 100 blocked prompts blocked', () => {
    const all = [...missed.values()].flat();
    expect(all.length).toBeLessThanOrEqual(0.05 * UNSAFE.length * Object.keys(EVASIONS).length);
  });

  it.each(Object.keys(EVASIONS))('%s: no more than 3 of the blocked prompts pass', (name) => {
    expect(missed.get(name)).toSatisfy((texts: string[]) => texts.length <= 3);
  });

  it.each(Object.keys(EVASIONS))('%s: harmless prompts stay allowed', (name) => {
    const blocked = HARMLESS_LOOKING.filter((text) => {
      const { prompt, negative } = EVASIONS[name]!(text);
      return blocks(prompt, negative);
    });
    // Disguise loses some context, and nobody disguises "hanging plants".
    expect(blocked.length, blocked.join(' | ')).toBeLessThanOrEqual(0.2 * HARMLESS_LOOKING.length);
  });
});
