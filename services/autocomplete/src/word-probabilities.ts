/** Probabilities of whole words out of a model's probabilities of tokens, which may be pieces of words. */
import type { TextTokenizer } from '@atelier/models';
import { BOUNDARY } from './tokens.ts';

/** Turns probabilities of the next token, by id, into the probability of a next word. */
export type WordProbabilities = (tokens: Float32Array) => (word: string) => number;

/**
 * A word's share of its first token is its share of the words, by how often they occur, that begin with that token: exact for words
 * of one token, an estimate for the others that costs no further run of the model. `end` is the token that ends a text.
 */
export function wordProbabilities(
  counts: ReadonlyMap<string, number>,
  tokenizer: Pick<TextTokenizer, 'encode'>,
  end: number | undefined,
): WordProbabilities {
  const first = new Map<string, number>();
  const mass = new Map<number, number>();
  for (const [word, count] of counts) {
    // Behind a space, as it stands in a text: some tokenizers tell the two apart.
    const [token] = tokenizer.encode(` ${word}`, { special: false });
    if (token === undefined) continue;
    first.set(word, token);
    mass.set(token, (mass.get(token) ?? 0) + count);
  }
  return (tokens) => (word) => {
    const token = word === BOUNDARY ? end : first.get(word);
    if (token === undefined) return 0;
    const share = word === BOUNDARY ? 1 : (counts.get(word) ?? 0) / (mass.get(token) as number);
    return (tokens[token] ?? 0) * share;
  };
}
