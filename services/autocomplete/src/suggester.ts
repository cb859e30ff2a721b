/** Suggestions for one language: popular prompts that begin so, and what the next-word model adds where few do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { countWords, fold } from './fold.ts';
import type { PopularPrompt } from './index-file.ts';
import { LayeredIndex, nextWord } from './layered-index.ts';
import { PromptIndex } from './prompt-index.ts';
import type { Spelling } from './spelling.ts';
import type { WordContinuation } from './word-continuation.ts';

export interface Suggestion {
  /** The whole prompt, what was typed included. */
  text: string;
  /** Estimated share of people who go on this way, 0 to 1; for ranking. */
  score: number;
  source: 'index' | 'language_model';
}

/** Whether prompt-safety would let each text pass; false too where it can't be asked. */
export type Judge = (texts: readonly string[]) => Promise<boolean[]>;

export interface SuggesterParts {
  index: PromptIndex;
  spelling: Spelling;
  continuation: WordContinuation;
  /** Whether a text (folded) is pieced together from prompts that were judged safe, so that there is nothing new to judge. */
  isFamiliar: (key: string) => boolean;
  judge: Judge;
}

/** How many observed prompts the next-word model's opinion is worth (a Dirichlet prior's weight). */
const MODEL_EVIDENCE = 30;
/** Where the model's say falls below this share, it is not asked. */
const MIN_MODEL_SHARE = 0.05;
/** A second prompt for the same next word counts this much of its share. */
const REPEATED_WORD = 0.1;
/** Corrected prefixes tried. */
const CORRECTIONS = 3;
/** Candidates beyond those wanted, for the place of what turns out to be typed already or unsafe. */
const SPARE = 1;
/** A prompt's limit; longer suggestions would be refused. */
const MAX_WORDS = 128;

const WARM_RUNS = 100;
const WARM_LIMIT = 5;
/** Judgements after which the compilers have done what they will. */
const REHEARSALS = 600;

interface Candidate extends Suggestion {
  /** Folded text. */
  key: string;
}

export class Suggester {
  readonly #parts: SuggesterParts;
  /** The index, and over it what was learnt since. */
  #prompts: LayeredIndex;

  constructor(parts: SuggesterParts) {
    this.#parts = parts;
    this.#prompts = new LayeredIndex([parts.index]);
  }

  /** Suggest these prompts too, in the place of those of the last call. In the order of their keys; judged safe. */
  learn(prompts: readonly PopularPrompt[]): void {
    this.#prompts = new LayeredIndex([this.#parts.index, new PromptIndex(prompts)]);
  }

  /** Prompts in the index. */
  get size(): number {
    return this.#parts.index.size;
  }

  /** Completes beginnings of prompts all over the index, so that the first real request meets compiled code. */
  async warm(): Promise<void> {
    for (let i = 0; i < Math.min(WARM_RUNS, this.size); i++)
      await this.suggest(this.#beginning(i), WARM_LIMIT);
  }

  /** Has prompts of the index judged one by one, about every `everyMs`: the judge and the way there are compiled as well. */
  async rehearse(everyMs: number, signal: AbortSignal): Promise<void> {
    for (let i = 0; i < Math.min(REHEARSALS, this.size) && !signal.aborted; i++) {
      await this.#parts.judge([this.#parts.index.at(i).text]);
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {}); // ended by the signal
    }
  }

  /** So much of a prompt from the i-th of as many places as there are runs. */
  #beginning(i: number): string {
    const { text } = this.#parts.index.at(Math.floor((i * this.size) / WARM_RUNS));
    return text.slice(0, i % (text.length + 1));
  }

  /** At most `limit` (≥ 1) different suggestions, best first. An empty prefix gets popular prompts. */
  async suggest(prefix: string, limit: number): Promise<Suggestion[]> {
    const typed = prefix.trimStart();
    const key = fold(prefix);
    const keep = (candidate: Candidate): Candidate => ({
      ...candidate,
      text: typed + candidate.text.slice(key.length), // the user's own letters stay as they are
    });
    // Where no prompt begins so, a slip is likelier than a new thought; the model goes on from what looks right.
    const corrected = this.#prompts.mass(key) === 0 ? await this.#corrected(key, limit) : [];
    const candidates = corrected.length > 0 ? corrected : (await this.#complete(key, limit)).map(keep);
    return candidates
      .filter(({ text }) => text.trimEnd() !== typed.trimEnd() && countWords(text) <= MAX_WORDS)
      .slice(0, limit)
      .map(({ text, score, source }) => ({ text, score, source }));
  }

  async #corrected(key: string, limit: number): Promise<Candidate[]> {
    for (const corrected of this.#parts.spelling.corrections(key, CORRECTIONS)) {
      const found = await this.#complete(corrected, limit);
      if (found.length > 0) return found;
    }
    return [];
  }

  async #complete(key: string, limit: number): Promise<Candidate[]> {
    const mass = this.#prompts.mass(key);
    const modelShare = MODEL_EVIDENCE / (MODEL_EVIDENCE + mass);
    const popular = this.#popular(key, mass, limit, 1 - modelShare);
    const composed =
      modelShare < MIN_MODEL_SHARE || !key.trim()
        ? []
        : await this.#parts.continuation.continuations(key, limit);
    const likely = new Map(composed.map((found) => [nextWord(found.key, key), found.score * modelShare]));
    // A next word that both know is offered once, as the prompt that people wrote.
    const supported = popular.map((candidate) => {
      const word = nextWord(candidate.key, key);
      const score = candidate.score + (likely.get(word) ?? 0);
      return { ...candidate, score };
    });
    const seen = new Set(popular.map((candidate) => nextWord(candidate.key, key)));
    const fresh = composed.filter((found) => !seen.has(nextWord(found.key, key)));
    const known = new Set(popular.map((candidate) => candidate.key));
    const more = this.#prompts.top(key, limit * 2).flatMap(({ text, popularity }): Candidate[] => {
      const other = fold(text);
      if (known.has(other)) return [];
      return [{ text, key: other, source: 'index', score: (REPEATED_WORD * popularity) / mass }];
    });
    const candidates = [
      ...supported,
      ...fresh.map(({ key: text, score }): Candidate => {
        return { text, key: text, score: score * modelShare, source: 'language_model' };
      }),
      ...more,
    ];
    return await this.#safe(candidates.sort((a, b) => b.score - a.score).slice(0, limit + SPARE));
  }

  /** Without composed texts that may not be offered: nobody wrote them before, so nobody has judged what is new in them. */
  async #safe(candidates: readonly Candidate[]): Promise<Candidate[]> {
    const composed = candidates
      .filter(({ source, key }) => source === 'language_model' && !this.#parts.isFamiliar(key))
      .map(({ text }) => text)
      .filter((text) => countWords(text) <= MAX_WORDS);
    if (composed.length === 0) return [...candidates];
    const verdicts = await this.#parts.judge(composed);
    const blocked = new Set(composed.filter((_, i) => !verdicts[i]));
    return candidates.filter(({ text }) => !blocked.has(text));
  }

  /** The most popular prompt for each of the likeliest next words. */
  #popular(key: string, mass: number, limit: number, share: number): Candidate[] {
    return this.#prompts.groups(key, 2 * limit).map(({ best: { text }, mass: ours }): Candidate => {
      return { text, key: fold(text), source: 'index', score: (share * ours) / mass };
    });
  }
}
