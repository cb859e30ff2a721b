import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { clipTokenizerJson } from './clip-tokenizer.ts';
import { BundleError } from './errors.ts';

/** Text ↔ token ids, as Hugging Face's tokenizers do it. */
export interface TextTokenizer {
  /** Ids of the text, with the model's special tokens around it unless `special` is false. Never cut or padded. */
  encode(text: string, options?: { special?: boolean }): number[];
  /** Text of the ids, without special tokens. */
  decode(ids: readonly number[]): string;
  /** Id of a token; undefined when the vocabulary has no such token. */
  tokenId(token: string): number | undefined;
  /** Id that fills up short rows of a batch. */
  readonly padId: number;
  readonly vocabularySize: number;
}

export interface TokenizerOptions {
  /** The token that fills up short rows, where the file doesn't say or says otherwise. */
  readonly padToken?: string | undefined;
}

const PAD_TOKENS = ['[PAD]', '<pad>', '<|pad|>', '<|endoftext|>'];

/** Loads a `tokenizer.json`. Throws BundleError FILE_DAMAGED when it isn't one. */
export async function loadTokenizer(path: string, options?: TokenizerOptions): Promise<TextTokenizer> {
  return await naming(path, async () => tokenizerOf(JSON.parse(await readFile(path, 'utf8')), options));
}

/** Loads CLIP's `vocab.json` and `merges.txt`. Throws BundleError FILE_DAMAGED naming the vocabulary. */
export async function loadClipTokenizer(
  vocabularyPath: string,
  mergesPath: string,
  options?: TokenizerOptions,
): Promise<TextTokenizer> {
  return await naming(vocabularyPath, async () => {
    const vocabulary = JSON.parse(await readFile(vocabularyPath, 'utf8')) as Record<string, number>;
    return tokenizerOf(
      clipTokenizerJson({ vocabulary, merges: await readFile(mergesPath, 'utf8') }),
      options,
    );
  });
}

async function naming(path: string, load: () => Promise<TextTokenizer>): Promise<TextTokenizer> {
  try {
    return await load();
  } catch (cause) {
    throw new BundleError('FILE_DAMAGED', `${path} is not a tokenizer`, cause);
  }
}

function tokenizerOf(
  content: { padding?: { pad_id?: number } | null },
  { padToken }: TokenizerOptions = {},
): TextTokenizer {
  const tokenizer = new Tokenizer(content, {});
  const wanted = padToken === undefined ? undefined : tokenizer.token_to_id(padToken);
  const padId =
    wanted ??
    content.padding?.pad_id ??
    PAD_TOKENS.map((token) => tokenizer.token_to_id(token)).find((id) => id !== undefined);
  return {
    encode: (text, { special = true } = {}) => tokenizer.encode(text, { add_special_tokens: special }).ids,
    decode: (ids) => tokenizer.decode([...ids], { skip_special_tokens: true }),
    tokenId: (token) => tokenizer.token_to_id(token),
    padId: padId ?? 0,
    vocabularySize: tokenizer.get_vocab(true).size,
  };
}
