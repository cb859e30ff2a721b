/** Asking prompt-safety about texts that the next-word models composed, one question a keystroke. Fails closed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PromptSafetyService } from '@atelier/contracts';
import { createClient } from '@atelier/rpc';
import { LRUCache } from 'lru-cache';
import type { Judge } from './suggester.ts';

export interface SafetyOptions {
  /** prompt-safety's "host:port". */
  address: string;
  /** Longest wait for an answer, milliseconds. One that comes later is remembered for who asks next. */
  timeoutMs: number;
}

export interface Safety {
  /** The judge of texts in a language. */
  judge(language: string): Judge;
  close(): void;
}

/** Verdicts remembered for each language: people type the same beginnings. */
const REMEMBERED = 10_000;

/** Longest that a call goes on without anybody waiting, milliseconds. */
const GIVE_UP_MS = 1_000;

/** A judge that remembers its answers; what was not answered is not remembered. */
export function createSafety({ address, timeoutMs }: SafetyOptions): Safety {
  const client = createClient(PromptSafetyService, { address, name: 'autocomplete' });
  return {
    judge(language) {
      const verdicts = new LRUCache<string, boolean>({ max: REMEMBERED });
      const pending = new Map<string, Promise<void>>();
      const classify = async (prompts: string[]): Promise<void> => {
        // Not a deadline: a server refuses calls with little left.
        const late = new AbortController();
        const timer = setTimeout(() => late.abort(), Math.max(timeoutMs, GIVE_UP_MS));
        try {
          const answer = await client.classifyPrompts({ prompts, language }, { signal: late.signal });
          for (const [i, { allowed }] of answer.verdicts.entries())
            verdicts.set(prompts[i] as string, allowed);
        } catch {
          // The other suggestions are still good.
        } finally {
          clearTimeout(timer);
          for (const prompt of prompts) pending.delete(prompt);
        }
      };
      return async (texts) => {
        const unknown = texts.filter((text) => !verdicts.has(text));
        const fresh = unknown.filter((text) => !pending.has(text));
        if (fresh.length > 0) {
          const call = classify(fresh);
          for (const text of fresh) pending.set(text, call);
        }
        if (unknown.length > 0) {
          const enough = new AbortController();
          const late = sleep(timeoutMs, undefined, { signal: enough.signal }).catch(() => {});
          await Promise.race([Promise.all(unknown.map((text) => pending.get(text))), late]);
          enough.abort();
        }
        return texts.map((text) => verdicts.get(text) === true);
      };
    },
    close: () => client.close(),
  };
}
