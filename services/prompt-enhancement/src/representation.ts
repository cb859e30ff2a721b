/**
 * Fair representation: where a prompt shows one person and leaves open who that is, gender, age and skin are drawn with
 * equal chances instead of by the habits of a model. What is stated is never touched, and children are never drawn.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readPerson, type Stated } from './people.ts';
import type { AdditionKind } from './phrases.ts';
import { pick, uniform } from './seeded.ts';
import { understand, wordsOf } from './understanding.ts';

export interface Representation {
  /** A phrase for a prompt about a person that leaves something open; the seed decides which. */
  draw(prompt: string, seed: number): { kind: AdditionKind; text: string } | undefined;
}

const DRAWN = {
  gender: ['woman', 'man'],
  age: ['young', 'adult', 'old'],
  skin: ['light', 'medium', 'dark'],
} as const;

const AGE_WORDS: Readonly<Record<string, string>> = { young: 'young', adult: 'middle-aged', old: 'elderly' };
const SKIN_WORDS: Readonly<Record<string, string>> = {
  light: 'light skin',
  medium: 'olive skin',
  dark: 'dark skin',
};

/** Draws each open trait by itself, so that every combination is as likely. */
export const balanced: Representation = {
  draw(prompt, seed) {
    const stated = readPerson(prompt);
    if (!stated) return undefined;
    const drawn: Stated = {};
    for (const trait of ['gender', 'age', 'skin'] as const)
      if (stated[trait] === undefined)
        drawn[trait] = pick<string>(DRAWN[trait], uniform(seed, `representation/${trait}`)) as string;
    const text = describe(stated, drawn);
    return text ? { kind: 'representation', text } : undefined;
  },
};

/** "an elderly woman with dark skin": what was drawn, and the stated with it where the phrase would else speak of someone else. */
function describe(stated: Stated, drawn: Stated): string {
  const skin = drawn.skin ? `with ${SKIN_WORDS[drawn.skin]}` : '';
  if (!drawn.gender && !drawn.age) return skin;
  const noun = nounFor(drawn.gender ?? stated.gender, stated.age);
  const age = AGE_WORDS[drawn.age ?? stated.age ?? ''];
  const adjective = age ? `${age} ` : '';
  const article = /^[aeiou]/.test(adjective || noun) ? 'an' : 'a';
  return [`${article} ${adjective}${noun}`, skin].filter(Boolean).join(' ');
}

function nounFor(gender: string | undefined, age: string | undefined): string {
  if (gender === 'woman') return age === 'child' ? 'girl' : 'woman';
  if (gender === 'man') return age === 'child' ? 'boy' : 'man';
  return age === 'child' ? 'child' : 'person';
}

const FileSchema = z.strictObject({
  /** Phrases to choose from with equal chance, for example ["with light skin", "with dark skin"]. */
  phrases: z.array(z.string().min(1)).min(1),
  /** Words (lower case) that settle the matter: a prompt with one of them is left as it is. */
  unless: z.array(z.string().min(1)),
});

/** Read a representation file (JSON). Throws an Error naming the file and the fault. */
export async function loadRepresentation(path: string): Promise<Representation> {
  try {
    return createRepresentation(FileSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(`${path} is not a representation file: ${why}`, { cause });
  }
}

/** An operator's own phrases. */
export function createRepresentation({ phrases, unless }: z.infer<typeof FileSchema>): Representation {
  return {
    draw(prompt, seed) {
      if (understand(prompt).domain !== 'portrait' || wordsOf(prompt).some((word) => unless.includes(word)))
        return undefined;
      return { kind: 'representation', text: pick(phrases, uniform(seed, 'representation')) as string };
    },
  };
}
