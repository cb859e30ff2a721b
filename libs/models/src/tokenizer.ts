import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
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

const PAD_TOKENS = ['[PAD]', '<pad>', '<|pad|>', '<|endoftext|>'];

/** Loads a `tokenizer.json`. Throws BundleError FILE_DAMAGED when it isn't one. */
export async function loadTokenizer(path: string): Promise<TextTokenizer> {
  let tokenizer: Tokenizer;
  let padId: number | undefined;
  try {
    const content = JSON.parse(await readFile(path, 'utf8')) as { padding?: { pad_id?: number } | null };
    tokenizer = new Tokenizer(content, {});
    padId = content.padding?.pad_id;
  } catch (cause) {
    throw new BundleError('FILE_DAMAGED', `${path} is not a tokenizer`, cause);
  }
  padId ??= PAD_TOKENS.map((token) => tokenizer.token_to_id(token)).find((id) => id !== undefined);
  return {
    encode: (text, { special = true } = {}) => tokenizer.encode(text, { add_special_tokens: special }).ids,
    decode: (ids) => tokenizer.decode([...ids], { skip_special_tokens: true }),
    tokenId: (token) => tokenizer.token_to_id(token),
    padId: padId ?? 0,
    vocabularySize: tokenizer.get_vocab(true).size,
  };
}
