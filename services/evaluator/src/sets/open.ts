/** From a name on the command line to a prompt set. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { heldOutPrompts } from '@atelier/scenes';
import { type PromptSet, promptSet, type SetPrompt } from './prompt-set.ts';
import { readerFor } from './readers.ts';

/** Name of the project's own set: held-out captions of the starter's world, with what each states. */
export const OWN_SET = 'starter';
const OWN_PROMPTS = 200;

/**
 * Opens a file, or "starter" (200 prompts) or "starter:<count>". The seed of a picture is its prompt's place, or its scene's in
 * the own set. @param most takes the first so many. @throws TypeError that says what is wrong.
 */
export async function openPromptSet(source: string, most = Number.POSITIVE_INFINITY): Promise<PromptSet> {
  const [, count] = new RegExp(`^${OWN_SET}(?::([1-9][0-9]{0,4}))?$`).exec(source) ?? [];
  if (source === OWN_SET || count)
    return promptSet(
      OWN_SET,
      heldOutPrompts(Math.min(most, Number(count ?? OWN_PROMPTS))).map((prompt) => ({
        ...prompt,
        category: domainOf(prompt),
      })),
    );
  const rows = readerFor(source)(await readFile(source, 'utf8'));
  const prompts = rows.slice(0, most).map((row, seed): SetPrompt => ({ ...row, seed }));
  return promptSet(basename(source).replace(/\.[a-z]+$/i, ''), prompts);
}

const domainOf = ({ stated }: Pick<SetPrompt, 'stated'>): string => stated?.domain ?? '';
