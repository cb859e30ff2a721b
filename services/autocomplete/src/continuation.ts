/** Going on, word by word, from a prefix that no prompt of the index begins with. */

/** A way to go on. */
export interface Continuation {
  /** The whole text: the prefix (folded) and what was added. */
  key: string;
  /** Higher is better; comparable between continuations of one prefix. */
  score: number;
}

/** Anything that can go on from a prefix: the back-off model or a neural one. */
export interface ContinuationModel {
  /** At most `count` ways to go on, each with another next word, best first. */
  continuations(key: string, count: number): Promise<Continuation[]>;
}
