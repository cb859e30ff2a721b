/** What judges prompts, for each language: the rules, and with them the bundle's reader or its quick classifier. */
import { invalidArgument } from '@atelier/rpc';
import type { Classifier } from './classifier.ts';
import { combine } from './combine.ts';
import { englishPolicy } from './policy/load.ts';
import type { Policy } from './policy/schema.ts';
import { createScreener, type Screening } from './screen.ts';
import { translated } from './translated.ts';
import type { Translate } from './translator.ts';

export interface Judge {
  readonly policy: Policy;
  /** True when a text is in a language that this judge can read, or too short to tell. */
  canRead(text: string): boolean;
  /** With the reader, where there is one. @throws RpcError when a model or translator that it needs has no answer. */
  judge(prompt: string, negative: string, signal: AbortSignal): Promise<Screening>;
  /**
   * Prompts without negative ones, each by itself: all in one run of the quick classifier, and those that it leaves `allowed` by the
   * reader too, one after another, so that a whole prompt that comes meanwhile waits for one text at most. @throws as `judge`.
   */
  judgeAll(
    prompts: readonly string[],
    allowed: (screening: Screening) => boolean,
    signal: AbortSignal,
  ): Promise<Screening[]>;
}

export interface Judges {
  /** @throws RpcError INVALID_ARGUMENT for a malformed tag or a language that nobody can judge. */
  forLanguage(tag: string): Judge;
  /** A first judgement, so that no request waits for code to be compiled. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

export interface JudgesOptions {
  /** Joins the rules of its language; without it rules decide alone. */
  readonly classifier?: Classifier;
  /** Joins the rules instead: better and slower. */
  readonly reader?: Classifier;
  /** Turns texts of other languages into English ones; without it they are refused. */
  readonly translate?: Translate;
}

/** Loads the policies of all languages there are: English. */
export function loadJudges({ classifier, reader = classifier, translate }: JudgesOptions = {}): Judges {
  const english = createJudge(englishPolicy(), classifier, reader);
  const judges = new Map([[english.policy.language, english]]);
  return {
    forLanguage(tag) {
      const language = primaryLanguage(tag);
      const judge = judges.get(language);
      if (judge !== undefined) return judge;
      if (translate !== undefined && language !== '') return translated(english, translate, language);
      const description = `must be one of ${[...judges.keys()].join(', ')} (BCP-47)`;
      throw invalidArgument([{ field: 'language', description }], 'LANGUAGE_UNSUPPORTED');
    },
    async warm() {
      for (let run = 0; run < 20; run++)
        await english.judge(
          'A boat on an ocean at sunset, s a i l i n g h0me',
          'make it a bl*rry one with text all over',
          new AbortController().signal,
        );
      await english.judgeAll(['A boat on an ocean'], () => true, new AbortController().signal);
    },
    async close() {
      await classifier?.close();
      if (reader !== classifier) await reader?.close();
    },
  };
}

function createJudge(policy: Policy, quick: Classifier | undefined, reader: Classifier | undefined): Judge {
  const screener = createScreener(policy);
  const judgeWith = async (
    classifier: Classifier | undefined,
    screenings: readonly Screening[],
    signal: AbortSignal,
  ): Promise<Screening[]> => {
    if (classifier?.language !== policy.language) return [...screenings];
    const texts = screenings.flatMap(({ readings }) => readings.map(({ words }) => words));
    const scores = await classifier.classify(texts, signal);
    let at = 0;
    return screenings.map((screening) => {
      const own = scores.slice(at, at + screening.readings.length);
      at += own.length;
      return { ...combine(policy, screening, own), judgedBy: classifier.identity };
    });
  };
  return {
    policy,
    canRead: screener.canRead,
    async judge(prompt, negative, signal) {
      const [judged] = await judgeWith(reader, [screener.screen(prompt, negative)], signal);
      return judged as Screening;
    },
    async judgeAll(prompts, allowed, signal) {
      const screenings = prompts.map((prompt) => screener.screen(prompt));
      const judged = await judgeWith(quick, screenings, signal);
      if (reader === quick) return judged;
      for (const [i, screening] of screenings.entries())
        if (allowed(judged[i] as Screening))
          [judged[i]] = (await judgeWith(reader, [screening], signal)) as [Screening];
      return judged;
    },
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
