import { describe, expect, it } from 'vitest';
import { englishPolicy } from './policy/load.ts';
import { createScreener } from './screen.ts';

const screener = createScreener(englishPolicy());

/** Park and Miller's generator: enough for a fuzz, the same every time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

describe('screening', () => {
  it('answers any text, quickly', () => {
    const next = random(7);
    const alphabet = [
      ...'aeiklnst  ..--**@$!013',
      'ﬃ',
      '👩‍👩‍👧',
      '\u200d',
      '\ud83d',
      '\udc00',
      '\u0301',
      'ß',
      'İ',
      '漢',
      '\ufeff',
    ];
    for (let run = 0; run < 500; run++) {
      const text = Array.from({ length: next(120) }, () => alphabet[next(alphabet.length)]).join('');
      const { scores, findings } = screener.screen(text, run % 3 === 0 ? text : '');
      for (const value of Object.values(scores)) expect(value >= 0 && value <= 1).toBe(true);
      for (const { start, end } of findings)
        expect(start >= 0 && start < end && end <= [...text].length).toBe(true);
      screener.canRead(text);
    }
  }, 120_000);

  it.each([
    ['one long word', 'naked'.repeat(819)],
    ['single letters', 'a '.repeat(128)],
    ['dots', 'n.'.repeat(2_048)],
    ['masks', `${'k**l '.repeat(127)}x`],
    ['leet', '4'.repeat(4_096)],
    ['symbols', '@$!|'.repeat(1_024)],
    ['marks', `a${'\u0301'.repeat(4_095)}`],
    ['ligatures', '\ufdfa'.repeat(4_096)],
  ])(
    'takes less than a second of one core for the longest text of %s',
    (_, text) => {
      // Time on the core, not on the clock: whoever else is busy is not the point.
      const begun = process.cpuUsage();
      screener.screen(text, text);
      expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(1_000);
    },
    60_000,
  );
});
