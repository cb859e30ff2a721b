/** The policy's words and phrases as a trie over words, ready to walk a lattice. */

import { profanityWords } from './policy/load.ts';
import type { Policy } from './policy/schema.ts';
import type { Dictionary } from './text/dictionary.ts';
import { type Disguises, indexDisguises } from './text/disguises.ts';
import { fold } from './text/fold.ts';
import { baseForms } from './text/inflections.ts';
import { words } from './text/words.ts';

export interface TrieNode {
  readonly children: Map<string, TrieNode>;
  /** Concepts that a path ending here stands for; {@link HARMLESS} among them masks its words. */
  readonly concepts: Set<string>;
  /** Children that match the written form only. */
  readonly exact: Set<string>;
}

export interface Lexicon {
  readonly root: TrieNode;
  readonly disguises: Disguises;
  readonly has: (word: string) => boolean;
}

/** Not a legal concept name, so that no policy can collide with it. */
export const HARMLESS = '*harmless*';

/** Compiles a policy's words; 10 ms. */
export function compileLexicon(policy: Policy, dictionary: Dictionary): Lexicon {
  const root = node();
  const vocabulary = new Set<string>();
  const add = (term: string, concept: string): void => {
    const exact = term.startsWith('=');
    let at = root;
    for (const { text } of words(fold(exact ? term.slice(1) : term))) {
      vocabulary.add(text);
      let child = at.children.get(text);
      if (child === undefined) {
        child = node();
        at.children.set(text, child);
      }
      if (exact) at.exact.add(text);
      at = child;
    }
    if (at !== root) at.concepts.add(concept);
  };
  for (const [concept, terms] of Object.entries(policy.concepts))
    for (const term of terms) add(term, concept);
  const profanity = profanityWords(policy);
  const guarded = [...vocabulary].filter((word) => word.length > 2);
  for (const term of profanity.english) add(term, policy.profanity.concept);
  // A slip into another language counts only where the word is none of English.
  for (const term of profanity.foreign)
    if (!isEnglish(term, dictionary)) add(`=${term}`, policy.profanity.concept);
  for (const phrase of policy.harmless) add(phrase, HARMLESS);
  return { root, disguises: indexDisguises(guarded, dictionary), has: (word) => vocabulary.has(word) };
}

function isEnglish(term: string, dictionary: Dictionary): boolean {
  return words(fold(term)).every(({ text }) => text.length < 4 || dictionary.has(text));
}

/** The nodes that a word leads to: a word of the policy stands for itself, any other for what it may be inflected from. */
export function step(from: TrieNode, word: string): TrieNode[] {
  const same = from.children.get(word);
  if (same !== undefined && same.concepts.size > 0) return [same];
  const found: TrieNode[] = same === undefined ? [] : [same];
  for (const form of baseForms(word)) {
    const child = from.exact.has(form) ? undefined : from.children.get(form);
    if (child !== undefined && !found.includes(child)) found.push(child);
  }
  return found;
}

function node(): TrieNode {
  return { children: new Map(), concepts: new Set(), exact: new Set() };
}
