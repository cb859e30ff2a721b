/** Asking prompt-safety about texts that the next-word model composed. Fails closed. */
import { PromptSafetyService } from '@atelier/contracts';
import { createClient } from '@atelier/rpc';
import { LRUCache } from 'lru-cache';
import type { IsSafe } from './suggester.ts';

export interface SafetyOptions {
  /** prompt-safety's "host:port". */
  address: string;
  /** Longest wait for an answer, milliseconds. */
  timeoutMs: number;
}

export interface Safety {
  /** The judge of texts in a language. No answer in time means no. */
  isSafe(language: string): IsSafe;
  close(): void;
}

/** Verdicts remembered for each language: people type the same beginnings. */
const REMEMBERED = 10_000;

/** Checks that remember their answers; what was not answered is not remembered. */
export function createSafety({ address, timeoutMs }: SafetyOptions): Safety {
  const client = createClient(PromptSafetyService, { address, name: 'autocomplete' });
  return {
    isSafe(language) {
      const verdicts = new LRUCache<string, boolean>({ max: REMEMBERED });
      return async (prompt) => {
        const known = verdicts.get(prompt);
        if (known !== undefined) return known;
        try {
          const signal = AbortSignal.timeout(timeoutMs);
          const { verdict } = await client.classifyPrompt({ prompt, language }, { signal });
          const allowed = verdict?.allowed ?? false;
          verdicts.set(prompt, allowed);
          return allowed;
        } catch {
          return false; // the other suggestions are still good
        }
      };
    },
    close: () => client.close(),
  };
}
