/**
 * Folds text to plain lower-case letters, digits and punctuation: compatibility forms, case, accents, invisible
 * characters and look-alikes (Unicode TR36, TR39) all disappear, and every result unit keeps its origin.
 */
import unhomoglyph from 'unhomoglyph';
import type { MappedText } from './mapped.ts';

/** Zero-width, bidirectional, soft hyphen, variation selectors, Hangul fillers: drawn as nothing. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const MARK = /\p{M}/gu;

/** Letters that Unicode neither decomposes nor lists as confusable, though a reader takes them for Latin. */
const LOOKALIKES = new Map(
  (
    'æae œoe ðd þth øo łl đd ħh ŧt ɐa ǝe ɘe ɟf ɥh ɯm ɹr ʇt ʌv ʎy ʞk ᴉi ƃg ɓb ɗd ƙk αa βb εe ηn κk μu ωw λa πn σo τt ' +
    'вb гr иn кk мm нh тt ѕs яr цu шw зe ґr єe €e £l ¢c ¥y ₦n ₭k ₿b ¡i †t ©c ®r ×x'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, 1), pair.slice(1)] as const),
);

/** Alphabets drawn inside a square, a circle or a flag, which NFKC leaves alone. */
const ENCLOSED_ALPHABETS = [0x1f130, 0x1f150, 0x1f170, 0x1f1e6];

const LONGEST_EXPANSION = 4;

/** Folds a text. Cost is linear; a lone surrogate is dropped. */
export function fold(original: string): MappedText {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  const hidden: boolean[] = [];
  let position = 0;
  let afterInvisible = false;
  for (const character of original) {
    const folded = foldCharacter(character);
    text += folded;
    const isHidden = afterInvisible || folded !== character.toLowerCase();
    afterInvisible = folded === '';
    for (let unit = 0; unit < folded.length; unit++) {
      hidden.push(isHidden);
      starts.push(position);
      ends.push(position + 1);
    }
    position++;
  }
  return { text, starts, ends, hidden };
}

function foldCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character.toLowerCase();
  if (INVISIBLE.test(character) || (code >= 0xd800 && code <= 0xdfff)) return '';
  for (const base of ENCLOSED_ALPHABETS) {
    if (code >= base && code < base + 26) return String.fromCharCode(97 + code - base);
  }
  // Upper-casing first is full case folding for the letters that matter here (ß → ss, ſ → s).
  const plain = character
    .normalize('NFKD')
    .replace(MARK, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARK, '');
  // Ligatures of whole phrases (U+FDFA stands for 18 letters) are no disguise of Latin ones.
  if (plain.length > LONGEST_EXPANSION) return character;
  let folded = '';
  for (const part of plain) folded += part < '\u0080' ? part : (LOOKALIKES.get(part) ?? latinLookalike(part));
  return folded;
}

/** TR39's skeleton, where it is Latin; other letters stay what they are, so that the language check can see them. */
function latinLookalike(character: string): string {
  const skeleton = unhomoglyph(character).normalize('NFKD').replace(MARK, '').toLowerCase();
  return /^\p{ASCII}+$/u.test(skeleton) ? skeleton : character;
}
