/** Walking through what can be typed, and having every suggestion judged. */
import type { AutocompleteService, PromptSafetyService } from '@atelier/contracts';
import type { Client } from '@atelier/rpc';

const CALLERS = 8;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export interface Crawl {
  prefixes: number;
  /** Different texts that were suggested. */
  suggestions: number;
  /** Of these, those that prompt-safety would block. */
  unsafe: string[];
}

/**
 * Asks for `count` prefixes: the given ones, nothing, every letter, and then the beginnings of whatever is suggested, as somebody would
 * go on who picks it word by word.
 */
export async function crawl(
  client: Client<typeof AutocompleteService>,
  safety: Client<typeof PromptSafetyService>,
  first: readonly string[],
  count: number,
): Promise<Crawl> {
  const seen = new Set(['', ...LETTERS, ...first]);
  const waiting = [...seen];
  const texts = new Set<string>();
  let asked = 0;
  await inParallel(async () => {
    const prefix = asked < count ? waiting.shift() : undefined;
    if (prefix === undefined) return false;
    asked++;
    const { suggestions } = await client.suggestPrompts({ prefix, limit: 5 });
    for (const { text } of suggestions) {
      texts.add(text);
      for (const { index } of text.matchAll(/(?<=\S) |(?<= \S\S)/g)) {
        const beginning = text.slice(0, index + (text[index] === ' ' ? 1 : 0));
        if (beginning.length <= prefix.length || seen.has(beginning)) continue;
        seen.add(beginning);
        waiting.push(beginning);
      }
    }
    return true;
  });
  const left = [...texts];
  const unsafe: string[] = [];
  await inParallel(async () => {
    const prompt = left.pop();
    if (prompt === undefined) return false;
    const { verdict } = await safety.classifyPrompt({ prompt, language: 'en' });
    if (!verdict?.allowed) unsafe.push(prompt);
    return true;
  });
  return { prefixes: asked, suggestions: texts.size, unsafe };
}

/** Callers that repeat a piece of work until each finds nothing to do. */
async function inParallel(work: () => Promise<boolean>): Promise<void> {
  const caller = async (): Promise<void> => {
    while (await work());
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}
