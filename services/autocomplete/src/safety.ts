/** Asking prompt-safety about texts that the next-word models composed, one question a keystroke. Fails closed. */
import { PromptSafetyService } from '@atelier/contracts';
import { createClient } from '@atelier/rpc';
import { LRUCache } from 'lru-cache';
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
/** Texts in a question, at most. */
const AT_ONCE = 32;

/** A judge that remembers its answers; what was not answered is not remembered. */
export function createSafety({ address, timeoutMs }: SafetyOptions): Safety {
  const client = createClient(PromptSafetyService, { address, name: 'autocomplete' });
  return {
    judge(language) {
      const verdicts = new LRUCache<string, boolean>({ max: REMEMBERED });
      return async (texts) => {
        const unknown = texts.filter((text) => !verdicts.has(text));
        // Not a deadline: a server refuses calls with so little left.
        const signal = AbortSignal.timeout(timeoutMs);
        for (let at = 0; at < unknown.length; at += AT_ONCE) {
          const prompts = unknown.slice(at, at + AT_ONCE);
          try {
            const answer = await client.classifyPrompts({ prompts, language }, { signal });
            for (const [i, { allowed }] of answer.verdicts.entries())
              verdicts.set(prompts[i] as string, allowed);
          } catch {
            // The other suggestions are still good.
          }
        }
        return texts.map((text) => verdicts.get(text) === true);
      };
    },
    close: () => client.close(),
  };
}
