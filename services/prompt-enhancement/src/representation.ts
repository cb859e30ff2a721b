/**
 * Fair representation of people where a prompt leaves it open: off unless an operator configures it. The enhancement
 * itself never says anything about age, gender or skin.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { AdditionKind } from './phrases.ts';
import { understand, wordsOf } from './understanding.ts';

const RepresentationSchema = z.strictObject({
  /** Phrases to choose from with equal chance, for example ["with light skin", "with dark skin"]. */
  phrases: z.array(z.string().min(1)).min(1),
  /** Words (lower case) that settle the matter: a prompt with one of them is left as it is. */
  unless: z.array(z.string().min(1)),
});

export interface Representation {
  /** A phrase for a prompt about a person that leaves the matter open; `u` in [0, 1) decides which. */
  draw(prompt: string, u: number): { kind: AdditionKind; text: string } | undefined;
}

/** Read a representation file (JSON). Throws an Error naming the file and the fault. */
export async function loadRepresentation(path: string): Promise<Representation> {
  try {
    return createRepresentation(RepresentationSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(`${path} is not a representation file: ${why}`, { cause });
  }
}

export function createRepresentation({
  phrases,
  unless,
}: z.infer<typeof RepresentationSchema>): Representation {
  return {
    draw(prompt, u) {
      if (understand(prompt).domain !== 'portrait' || wordsOf(prompt).some((word) => unless.includes(word)))
        return undefined;
      return { kind: 'representation', text: phrases[Math.floor(u * phrases.length)] as string };
    },
  };
}
