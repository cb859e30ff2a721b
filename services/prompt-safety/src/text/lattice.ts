/**
 * The readings of a text as a word lattice: from each word, one edge for each word it (alone or with its followers) may
 * be read as. A phrase is found where a path spells it, whatever disguise each of its words wears.
 */
import type { Dictionary } from './dictionary.ts';
import type { Disguises } from './disguises.ts';
import { leetReadings } from './leet.ts';
import { type MappedText, originalSpan, type Span } from './mapped.ts';
import { repaired } from './repaired.ts';
import { segment } from './segment.ts';
import { type Word, words } from './words.ts';

/** A reading of words `i` to `next` (exclusive). */
export interface Edge {
  readonly word: string;
  readonly next: number;
  /** False for the word as it stands. */
  readonly disguised: boolean;
}

export interface Lattice {
  readonly words: readonly Word[];
  /** Edges leaving each word. */
  readonly edges: readonly (readonly Edge[])[];
}

export interface Reader {
  readonly dictionary: Dictionary;
  readonly disguises: Disguises;
  /** Words that the policy knows, single or as part of a phrase. */
  readonly isPolicyWord: (word: string) => boolean;
}

/** Pieces of one hidden word, at most. */
const MAX_JOINED = 16;
/** Shorter runs of text have ordinary explanations. */
const SHORTEST_RUN_TOGETHER = 8;
const SHORTEST_SPLIT = 5;
/** Letters in the pieces of a run-together text on average; a cut into crumbs is none. */
const LEAST_MEAN_PIECE = 3;

/** Reads a text. Linear in its length but for the bounded joins. */
export function readLattice(mapped: MappedText, reader: Reader): Lattice {
  const list = words(mapped).flatMap((word) => cutRunTogether(word, mapped, reader));
  const edges = list.map((word, index) => {
    const found = new Map<string, Edge>();
    const add = (reading: string, next: number, disguised: boolean): void => {
      if (reading !== '' && !found.has(`${reading} ${next}`))
        found.set(`${reading} ${next}`, { word: reading, next, disguised });
    };
    add(word.text, index + 1, false);
    for (const reading of readings(word.raw, reader, true)) add(reading, index + 1, true);
    for (const { raw, next, kind } of joins(list, index, reader)) {
      add(raw.replace(/[^\p{L}\p{N}]/gu, ''), next, true);
      if (kind !== 'split')
        for (const reading of readings(raw, reader, kind === 'spelt')) add(reading, next, true);
    }
    return [...found.values()];
  });
  return { words: list, edges };
}

/** Where words `from`..`to` (exclusive) of a lattice stood in the original. */
export function latticeSpan(lattice: Lattice, from: number, to: number): Span {
  return { start: lattice.words[from]?.span.start ?? 0, end: lattice.words[to - 1]?.span.end ?? 0 };
}

function readings(raw: string, reader: Reader, unmask: boolean): string[] {
  const found: string[] = [];
  for (const leet of leetReadings(raw)) {
    found.push(leet);
    if (unmask && /(.)\1/u.test(leet)) found.push(...reader.disguises.unmask(leet));
  }
  if (unmask) found.push(...reader.disguises.unmask(raw), ...repaired(raw, reader.dictionary));
  return found;
}

interface Join {
  readonly raw: string;
  readonly next: number;
  /** Halves of a cut word are read as they stand; letters spelt out may wear further disguises. */
  readonly kind: 'glued' | 'spelt' | 'split';
}

/** Runs of pieces that may be one word: glued by punctuation, spelt out in single letters, or split by a space. */
function joins(list: readonly Word[], index: number, reader: Reader): Join[] {
  const found: Join[] = [];
  const first = list[index];
  if (first === undefined) return found;
  let raw = first.raw;
  let glued = true;
  let spelt = raw.length === 1;
  for (let next = index + 1; next < list.length && next - index < MAX_JOINED; next++) {
    const word = list[next];
    if (word === undefined) break;
    glued &&= word.glued;
    spelt &&= word.raw.length === 1;
    const split = next === index + 1 && isSplit(first.raw, word.raw, reader);
    if (!glued && !spelt && !split) break;
    raw += word.raw;
    if (glued) found.push({ raw, next: next + 1, kind: 'glued' });
    else if (!spelt) found.push({ raw, next: next + 1, kind: 'split' });
    else if (next > index + 1) found.push({ raw, next: next + 1, kind: 'spelt' });
    if (!glued && !spelt) break;
  }
  return found;
}

function isSplit(first: string, second: string, reader: Reader): boolean {
  if (/\d/u.test(first + second)) return false;
  const loneConsonant = /^[b-df-hj-np-tv-z]$/u;
  if (loneConsonant.test(first) || loneConsonant.test(second)) return true;
  return (
    first.length + second.length >= SHORTEST_SPLIT &&
    !(isOrdinary(first, reader) && isOrdinary(second, reader))
  );
}

/** One letter is a word only where English has it, and two letters are when they are everyday. */
function isOrdinary(word: string, reader: Reader): boolean {
  if (word.length === 1) return word === 'a' || word === 'i';
  return reader.dictionary.has(word);
}

function cutRunTogether(word: Word, mapped: MappedText, reader: Reader): Word[] {
  const text = word.text;
  if (text.length < SHORTEST_RUN_TOGETHER || !/^\p{L}+$/u.test(text)) return [word];
  if (reader.dictionary.has(text) || reader.isPolicyWord(text)) return [word];
  if (reader.disguises.unmask(text).length > 0) return [word];
  const pieces = segment(text, (piece) => reader.dictionary.isEveryday(piece) || reader.isPolicyWord(piece));
  if (pieces === undefined || text.length < LEAST_MEAN_PIECE * pieces.length) return [word];
  // Where each letter of the text stands: apostrophes that were typed are no part of it.
  const places = [...word.raw].flatMap((unit, at) => (/\p{L}/u.test(unit) ? [word.from + at] : []));
  if (places.length !== text.length) return [word];
  let done = 0;
  return pieces.map((piece, index) => {
    const from = places[done] ?? word.from;
    done += piece.length;
    const to = (places[done - 1] ?? word.to - 1) + 1;
    const span = originalSpan(mapped, from, to);
    const cut: Word = {
      text: piece,
      raw: piece,
      from,
      to,
      span,
      glued: index > 0 || word.glued,
      hidden: true,
    };
    return cut;
  });
}
