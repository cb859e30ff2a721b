/** Whether a text is in the language that its rules can read. What they can't read, they can't allow. */
import { fold } from './text/fold.ts';
import { words } from './text/words.ts';

/** Fewer words say too little about their language: "tempura soba" is good English in a prompt. */
const FEWEST_WORDS = 4;
/** Prompts are full of names and coinages; other languages share far fewer words with English than this. */
const LEAST_KNOWN_SHARE = 0.5;
/** Scripts without spaces, or just foreign ones: this share of letters that fold to nothing Latin. */
const MOST_FOREIGN_LETTERS = 0.3;

/** True when `text` reads as the language of `isKnownWord` (lower case, folded words), or is too short to tell. */
export function isReadable(text: string, isKnownWord: (word: string) => boolean): boolean {
  const folded = fold(text);
  const letters = folded.text.match(/\p{L}/gu)?.length ?? 0;
  const foreign = folded.text.match(/[^\P{L}a-z]/gu)?.length ?? 0;
  if (foreign > MOST_FOREIGN_LETTERS * letters) return false;
  const original = [...text];
  const list = words(folded).filter((word) => /^\p{L}+$/u.test(word.text));
  const known = list.filter((word) => isKnownWord(word.text)).length;
  // Look-alikes are written in another script and still spell known words; a foreign text spells none.
  const disguised = list.filter((word) =>
    /[^\P{L}\p{Script=Latin}]/u.test(original.slice(word.span.start, word.span.end).join('')),
  );
  if (disguised.length >= 2 && disguised.every((word) => !isKnownWord(word.text))) return false;
  return list.length < FEWEST_WORDS || known >= LEAST_KNOWN_SHARE * list.length;
}
