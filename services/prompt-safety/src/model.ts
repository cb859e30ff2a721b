/** What judges prompts, for each language: the rules, and the bundle's text classifier where it has one. */
import { invalidArgument } from '@atelier/rpc';
import { englishPolicy } from './policy/load.ts';
import type { Policy } from './policy/schema.ts';
import { createScreener, type Screening } from './screen.ts';

export interface Judge {
  readonly policy: Policy;
  /** The classifier's, when it took part. */
  readonly modelVersion?: { name: string; version: string; sha256: string };
  isKnownWord(word: string): boolean;
  judge(prompt: string, negative: string, signal: AbortSignal): Promise<Screening>;
}

export interface Judges {
  /** @throws RpcError INVALID_ARGUMENT for a malformed tag or a language without a policy. */
  forLanguage(tag: string): Judge;
  /** A first judgement, so that no request waits for code to be compiled. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Loads the policies of all languages there are: English. */
export function loadJudges(): Judges {
  const screener = createScreener(englishPolicy());
  const english: Judge = {
    policy: screener.policy,
    isKnownWord: (word) => screener.isKnownWord(word),
    judge: async (prompt, negative) => screener.screen(prompt, negative),
  };
  const judges = new Map([[english.policy.language, english]]);
  return {
    forLanguage(tag) {
      const judge = judges.get(primaryLanguage(tag));
      if (judge !== undefined) return judge;
      const description = `must be one of ${[...judges.keys()].join(', ')} (BCP-47)`;
      throw invalidArgument([{ field: 'language', description }], 'LANGUAGE_UNSUPPORTED');
    },
    async warm() {
      for (let run = 0; run < 20; run++)
        await english.judge(
          'A boat on an ocean at sunset, s a i l i n g h0me',
          'bl*rry, text',
          AbortSignal.abort(),
        );
    },
    async close() {},
  };
}

/** "en-GB" → "en"; "" for what is no tag at all. */
function primaryLanguage(tag: string): string {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return '';
  }
}
