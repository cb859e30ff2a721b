/** Putting additions behind a prompt. */
import type { AdditionKind } from './phrases.ts';

export interface Addition {
  kind: AdditionKind;
  text: string;
  /** Where `text` begins in the enhanced prompt, in Unicode code points. */
  offset: number;
}

export type Draft = Omit<Addition, 'offset'>;

/** A list of keywords goes on with commas, a finished sentence with a new one, anything else just goes on. */
export function join(prompt: string, drafts: readonly Draft[]): { prompt: string; additions: Addition[] } {
  const keywords = (prompt.match(/,/g)?.length ?? 0) >= 2;
  const sentence = /[.!?…]["'”’)]?\s*$/.test(prompt);
  let text = prompt;
  const additions = drafts.map(({ kind, text: words }, i): Addition => {
    const first = i === 0;
    const glue = /\s$/.test(text) ? '' : ' ';
    const comma =
      !(first && sentence) && (keywords || kind === 'style' || /^an? /.test(words)) && !/[,;:]\s*$/.test(text)
        ? ','
        : '';
    const added = first && sentence ? words.charAt(0).toUpperCase() + words.slice(1) : words;
    const offset = [...`${text}${comma}${glue}`].length;
    text = `${text}${comma}${glue}${added}`;
    return { kind, text: added, offset };
  });
  if (drafts.length > 0 && sentence) text += '.';
  return { prompt: text, additions };
}
