/** Judges texts of a language without a policy by their translation. */
import type { Judge } from './judges.ts';
import type { Screening } from './screen.ts';
import type { Translate } from './translator.ts';

/**
 * `judge` for texts in `language`, each translated first. Places in a translation mean nothing in the original, so a
 * verdict has none; a translation that `judge` can't read fails closed.
 */
export function translated(judge: Judge, translate: Translate, language: string): Judge {
  return {
    ...judge,
    canRead: () => true,
    async judge(prompt, negative, signal): Promise<Screening> {
      const texts = await translate([prompt, negative], language, judge.policy.language, signal);
      const [first = '', second = ''] = texts;
      const screening = await judge.judge(first, second, signal);
      return { ...screening, findings: [] };
    },
    async judgeAll(prompts, allowed, signal): Promise<Screening[]> {
      const texts = await translate([...prompts], language, judge.policy.language, signal);
      const screenings = await judge.judgeAll(texts, allowed, signal);
      return screenings.map((screening) => ({ ...screening, findings: [] }));
    },
  };
}
