import { describe, expect, it } from 'vitest';
import { countWords, promptViolations } from './prompt-text.ts';

const complaint = (text: string, options?: { minWords: number }) =>
  promptViolations('prompt', text, options).map(({ description }) => description)[0];

describe('promptViolations', () => {
  it('lets prompts of 1 to 128 words pass, line breaks and other scripts included', () => {
    for (const text of [
      'a',
      'ein Boot\nauf dem\tMeer\r\n',
      '海の上の船',
      '🚣'.repeat(4096),
      'word '.repeat(128),
    ])
      expect(complaint(text)).toBeUndefined();
    expect(complaint(' ', { minWords: 0 })).toBeUndefined();
  });

  it('names the limit that is broken', () => {
    expect(complaint('')).toBe('must have at least 1 word; it has 0');
    expect(complaint(' \n ')).toBe('must have at least 1 word; it has 0');
    expect(complaint('word '.repeat(129))).toBe('must have at most 128 words; it has 129');
    expect(complaint('x'.repeat(4097))).toBe('must have at most 4,096 Unicode code points');
    expect(complaint('🚣 a\u0007b')).toBe('must not have control characters (U+0007 at position 3)');
    expect(complaint('a\u0085b')).toBe('must not have control characters (U+0085 at position 1)');
    expect(complaint('a \ud800 b')).toBe('must be valid Unicode (it has an unpaired surrogate)');
    expect(promptViolations('negative_prompt', '\0')[0]?.field).toBe('negative_prompt');
  });

  it('gives up on 100 MB at once', () => {
    const huge = 'a '.repeat(50_000_000);
    const began = performance.now();
    expect(complaint(huge)).toMatch('4,096');
    expect(performance.now() - began).toBeLessThan(100);
  });
});

describe('countWords', () => {
  it('counts what stands between white space', () => {
    expect(countWords(' a boat,  on\u00a0an\u2003ocean\n')).toBe(5);
  });
});
