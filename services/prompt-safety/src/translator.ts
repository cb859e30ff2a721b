/**
 * The hook for a translator: an HTTP endpoint of the operator's. It gets POST {"texts": [...], "from": "de", "to": "en"}
 * and answers {"texts": [...]} with as many, in order.
 */
import { unavailable } from '@atelier/rpc';
import { z } from 'zod';

/** Texts in a BCP-47 language → the same texts in another. @throws RpcError UNAVAILABLE when it has no answer. */
export type Translate = (
  texts: readonly string[],
  from: string,
  to: string,
  signal: AbortSignal,
) => Promise<string[]>;

const answerSchema = z.object({ texts: z.array(z.string()) });

/** A translator at `url` that has `timeoutMs` for an answer. What is not translated is not allowed. */
export function httpTranslator(url: string, timeoutMs: number): Translate {
  return async (texts, from, to, signal) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ texts, from, to }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const answer = answerSchema.parse(await response.json());
      if (answer.texts.length !== texts.length) throw new Error('another number of texts');
      return answer.texts;
    } catch (cause) {
      signal.throwIfAborted();
      throw unavailable('The translator has no answer', { reason: 'TRANSLATOR_UNAVAILABLE', cause });
    }
  };
}
