/** What a `tokenizer.json` says, as far as it is written here. */
type TokenizerJson = Record<string, unknown>;

/** CLIP's classic files. */
export interface ClipFiles {
  /** Content of `vocab.json`: ids by token, word ends marked `</w>`. */
  readonly vocabulary: Readonly<Record<string, number>>;
  /** Content of `merges.txt`: a comment line, then a pair a line, most frequent first. */
  readonly merges: string;
}

const START = '<|startoftext|>';
const END = '<|endoftext|>';

/**
 * The `tokenizer.json` that means the same as CLIP's `vocab.json` and `merges.txt` (Radford et al. 2021, section 2.4):
 * lower case, single spaces, words, single digits and runs of signs, byte-level BPE, a start and an end token.
 * @throws RangeError when the vocabulary lacks the two special tokens.
 */
export function clipTokenizerJson({ vocabulary, merges }: ClipFiles): TokenizerJson {
  const [start, end] = [vocabulary[START], vocabulary[END]];
  if (start === undefined || end === undefined)
    throw new RangeError(`The vocabulary has no ${START} or ${END}`);
  const special = (id: number, content: string) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(start, START), special(end, END)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: {
            Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
          },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [END, end],
      cls: [START, start],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: END,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      byte_fallback: false,
      vocab: vocabulary,
      merges: merges
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#version'))
        .map((line) => line.trim().split(' ')),
    },
  };
}
