/**
 * Asking prompt-safety about texts that the next-word models composed. Fails closed. Judging five texts a keystroke would
 * cost more than all else: where a question about the likeliest and one about all others find nothing even suspicious, they
 * are enough.
 */
import { PromptSafetyService, type SafetyVerdict } from '@atelier/contracts';
import { createClient } from '@atelier/rpc';
import { LRUCache } from 'lru-cache';
import { countWords } from './fold.ts';
import type { Judge } from './suggester.ts';

export interface SafetyOptions {
  /** prompt-safety's "host:port". */
  address: string;
  /** Longest wait for an answer, milliseconds. */
  timeoutMs: number;
}

export interface Safety {
  /** The judge of texts in a language. */
  judge(language: string): Judge;
  close(): void;
}

/** Verdicts remembered for each language: people type the same beginnings. */
const REMEMBERED = 10_000;

/** A text all of whose scores are below this share of their thresholds is harmless together with everything in it. */
const HARMLESS = 0.05;
/**
 * Words of a prefix from which its continuations are asked about at once. A word or two alone can look worse than among
 * others; they are typed often, so their verdicts are remembered anyway.
 */
const TOGETHER_FROM = 4;
/** Longer questions would be refused. */
const MAX_WORDS = 128;

/** A judge that remembers its answers; what was not answered is not remembered. */
export function createSafety({ address, timeoutMs }: SafetyOptions): Safety {
  const client = createClient(PromptSafetyService, { address, name: 'autocomplete' });
  return {
    judge(language) {
      const verdicts = new LRUCache<string, boolean>({ max: REMEMBERED });
      const ask = async (prompt: string, signal: AbortSignal): Promise<SafetyVerdict | undefined> => {
        try {
          return (await client.classifyPrompt({ prompt, language }, { signal })).verdict;
        } catch {
          return undefined; // the other suggestions are still good
        }
      };
      const judgeOne = async (text: string, signal: AbortSignal): Promise<SafetyVerdict | undefined> => {
        const verdict = await ask(text, signal);
        if (verdict) verdicts.set(text, verdict.allowed);
        return verdict;
      };
      return async (texts, prefix) => {
        const signal = AbortSignal.timeout(timeoutMs);
        const [first, ...others] = texts.filter((text) => !verdicts.has(text));
        const together = allAtOnce(others, prefix);
        if (first !== undefined && together !== undefined) {
          // The first by itself, because among many words a few bad ones can look harmless.
          const both = await Promise.all([judgeOne(first, signal), ask(together, signal)]);
          if (both.every(isHarmless)) for (const text of others) verdicts.set(text, true);
        }
        const judged = texts.map(
          async (text) => verdicts.get(text) ?? (await judgeOne(text, signal))?.allowed ?? false,
        );
        return await Promise.all(judged);
      };
    },
    close: () => client.close(),
  };
}

/**
 * One text that says all that the texts say, which begin with `prefix`: whatever a rule finds in one of them it finds here.
 * Undefined when there are not several, the prefix is too short for that, or the text too long.
 */
export function allAtOnce(texts: readonly string[], prefix: string): string | undefined {
  const words = prefix.match(/\p{L}{2,}/gu)?.length ?? 0;
  if (texts.length < 2 || words < TOGETHER_FROM) return undefined;
  // Rules look at neighbours, so each continuation has the last words of the prefix before it.
  const before = /(?:\S+\s*){0,4}$/.exec(prefix)?.[0] ?? '';
  const rest = texts.map((text) => text.slice(prefix.length));
  const joined = `${prefix}${rest.map((added, i) => (i === 0 ? added : `${before}${added}`)).join('. ')}`;
  return countWords(joined) <= MAX_WORDS ? joined : undefined;
}

const isHarmless = (verdict: SafetyVerdict | undefined): boolean =>
  verdict?.allowed === true && verdict.scores.every(({ score, threshold }) => score < HARMLESS * threshold);
