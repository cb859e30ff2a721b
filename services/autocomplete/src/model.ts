/** What the bundle brings: the prompt index with its n-grams, and a neural language model when it has one. */
import { readFile } from 'node:fs/promises';
import { InferenceError, type SessionOptions } from '@atelier/inference';
import { openCausalModel, softmax } from '@atelier/language-model';
import { type Bundle, openBundle } from '@atelier/models';
import { z } from 'zod';
import { fold } from './fold.ts';
import { type PopularPrompt, unpackIndex } from './index-file.ts';
import { buildSuggester } from './language.ts';
import { fromNgrams, mixed, type NextWords, type Predict } from './next-words.ts';
import { NgramModel } from './ngram.ts';
import { unpackNgrams } from './ngram-file.ts';
import type { WordCounts } from './spelling.ts';
import type { Judge, Suggester } from './suggester.ts';
import { WordTable } from './word-probabilities.ts';

const INDEX_ROLE = 'prompt_index';
const MODEL_ROLE = 'language_model';

/** Runs that may wait: of keystrokes that come together the others do with the n-grams, so that a queue is soon gone. */
const MAX_QUEUED = 1;

/** What a busy model answers. */
const TOO_LATE = ['RUN_ABORTED', 'QUEUE_FULL'];

const WordsSchema = z.record(z.string(), z.int().min(1));

export interface Completion {
  /** By lower-case language. */
  suggesters: ReadonlyMap<string, Suggester>;
  /** Whether a neural model helps the n-grams. */
  neural: boolean;
  close(): Promise<void>;
}

export interface CompletionOptions {
  /** The judge of composed texts in a language. */
  judge: (language: string) => Judge;
  /** Longest the neural model may take, milliseconds; then the n-grams' opinion stands. */
  modelTimeoutMs: number;
  session: Omit<SessionOptions, 'name' | 'maxQueued'>;
}

/**
 * Opens a bundle's completion. A bundle without an index has nothing to suggest in any of its languages; throws
 * BundleError or Error naming the file where one is missing or damaged.
 */
export async function loadCompletion(bundlePath: string, options: CompletionOptions): Promise<Completion> {
  const present = await openBundle(bundlePath, { roles: [] });
  const roles = [INDEX_ROLE, MODEL_ROLE].filter((role) => present.has(role));
  const bundle = await openBundle(bundlePath, { roles }); // checks these files against the manifest
  if (!bundle.has(INDEX_ROLE)) {
    const none = NgramModel.learn([]);
    const empty = bundle.languages.map((tag) => {
      const judge = options.judge(tag);
      const parts = { prompts: [], ngrams: none, words: new Map(), next: fromNgrams(none), judge };
      return [tag, buildSuggester(parts)] as const;
    });
    return { suggesters: new Map(empty), neural: false, close: async () => {} };
  }
  const { language, prompts } = unpackIndex(await readFile(bundle.file(INDEX_ROLE, 'index')));
  const ngrams = await loadNgrams(bundle, prompts);
  const model = bundle.has(MODEL_ROLE) ? await loadLanguageModel(bundle, ngrams, options) : undefined;
  const next = model?.next ?? fromNgrams(ngrams);
  const words = new Map([...ngrams.wordCounts(), ...(model?.words ?? [])]);
  const suggester = buildSuggester({ prompts, ngrams, words, next, judge: options.judge(language) });
  return {
    suggesters: new Map([[language.toLowerCase(), suggester]]),
    neural: model !== undefined,
    close: async () => await model?.close(),
  };
}

const hasFile = (bundle: Bundle, role: string, key: string): boolean =>
  bundle.manifest.roles[role]?.files[key] !== undefined;

/** The index's n-grams; counted now where the bundle does not bring them. */
async function loadNgrams(bundle: Bundle, prompts: readonly PopularPrompt[]): Promise<NgramModel> {
  if (hasFile(bundle, INDEX_ROLE, 'ngrams'))
    return unpackNgrams(await readFile(bundle.file(INDEX_ROLE, 'ngrams')));
  return NgramModel.learn(prompts.map(({ text, popularity }) => ({ key: fold(text), times: popularity })));
}

/** The n-grams' and the bundle's causal language model's opinions together. */
async function loadLanguageModel(
  bundle: Bundle,
  ngrams: NgramModel,
  { session, modelTimeoutMs }: CompletionOptions,
): Promise<{ next: NextWords; words: WordCounts; close(): Promise<void> }> {
  const model = await openCausalModel(bundle, MODEL_ROLE, {
    ...session,
    maxQueued: MAX_QUEUED,
    inline: true,
  });
  const counts = hasFile(bundle, MODEL_ROLE, 'words')
    ? new Map(
        Object.entries(
          WordsSchema.parse(JSON.parse(await readFile(bundle.file(MODEL_ROLE, 'words'), 'utf8'))),
        ),
      )
    : ngrams.wordCounts();
  const table = new WordTable(counts, model.tokenizer, model.end);
  const predict: Predict = async (text) => {
    // Not AbortSignal.timeout: it can't be cleared, and most of the hundreds a second would end with an exception of nobody's.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), modelTimeoutMs);
    try {
      return table.opinion(softmax(await model.next(model.encode(text), late.signal)));
    } catch (error) {
      if (error instanceof InferenceError && TOO_LATE.includes(error.reason)) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return { next: mixed(ngrams, predict), words: counts, close: () => model.close() };
}
