import {
  asType,
  createSession,
  floatOutput,
  InferenceError,
  type InferenceSession,
  MicroBatcher,
  type SessionOptions,
  type Tensor,
  tensor,
} from '@atelier/inference';
import {
  type Bundle,
  loadClipTokenizer,
  loadTokenizer,
  type TextTokenizer,
  tokenWindows,
} from '@atelier/models';
import { z } from 'zod';
import { type Embedding, joinWindows } from './embedding.ts';

const ReaderConfigSchema = z.object({
  /** Most tokens the network reads at once, specials included. */
  window: z.int().min(3).max(4096),
  /** Width of hidden states. */
  dim: z.int().min(1),
  /** Every window is padded to its full length and all its states count, as diffusers has it; default false. */
  fullWindows: z.boolean().default(false),
  /** Which hidden states condition: the last, or the last but one (SDXL). */
  hidden: z.enum(['last', 'penultimate']).default('last'),
  /** The empty text's embedding is zeros. */
  zeroEmpty: z.boolean().default(false),
  /** Token that fills windows up. */
  padToken: z.string().optional(),
});
type ReaderConfig = z.infer<typeof ReaderConfigSchema>;

/** Windows of networks with a mask are padded to a multiple of this many tokens, so that short prompts stay cheap. */
const PADDING = 32;

export interface BatchingOptions {
  /** Windows computed together, ≥ 1. */
  readonly maxBatch: number;
  /** Longest a window waits for company while the network is idle, milliseconds. */
  readonly maxDelayMs: number;
  /** Windows that may wait. */
  readonly maxQueued: number;
}

/** One network with its tokenizer. */
export interface Reader extends Pick<ReaderConfig, 'fullWindows' | 'zeroEmpty'> {
  /** Embeds a text of any length, window by window. */
  read(text: string, signal?: AbortSignal): Promise<Embedding>;
  close(): Promise<void>;
}

/** Loads the network and the tokenizer of a role. @throws BundleError or InferenceError naming the file or tensor. */
export async function loadReader(
  bundle: Bundle,
  role: string,
  options: Omit<SessionOptions, 'name'>,
  batching: BatchingOptions,
): Promise<Reader> {
  const config = bundle.config(role, ReaderConfigSchema);
  const tokenizer = await tokenizerOf(bundle, role, config);
  const session = await createSession(bundle.file(role), { name: role, inline: true, ...options });
  const names = outputNames(session, config);
  if ('missing' in names) {
    await session.close();
    throw new InferenceError('MODEL_LOAD_FAILED', `${bundle.file(role)} has no output "${names.missing}"`);
  }
  const { window, fullWindows, zeroEmpty } = config;
  const padded = (tokens: readonly number[]): number =>
    fullWindows ? window : Math.min(window, Math.ceil(tokens.length / PADDING) * PADDING);

  /** Embeds windows of ids that are padded to one length. */
  async function embed(windows: readonly (readonly number[])[]): Promise<Embedding[]> {
    const feeds = feedsOf(windows, padded(windows[0] ?? []), tokenizer.padId);
    const wanted = session.inputs.map(({ name, type }) => {
      const feed = feeds[name];
      if (!feed) throw new InferenceError('INPUT_MISMATCH', `"${role}" wants an unknown input "${name}"`);
      return [name, asType(feed, type)] as const;
    });
    const outputs = await session.run(Object.fromEntries(wanted));
    return embeddingsOf(windows, outputs, names as OutputNames, config.dim);
  }

  const batcher = new MicroBatcher(embed, (tokens: readonly number[]) => String(padded(tokens)), batching);
  return {
    fullWindows,
    zeroEmpty,
    async read(text, signal) {
      const windows = tokenWindows(tokenizer, text, window);
      return joinWindows(await Promise.all(windows.map((tokens) => batcher.submit(tokens, signal))));
    },
    close: () => session.close(),
  };
}

async function tokenizerOf(bundle: Bundle, role: string, { padToken }: ReaderConfig): Promise<TextTokenizer> {
  const { files } = bundle.manifest.roles[role] ?? { files: {} };
  return 'merges' in files
    ? await loadClipTokenizer(bundle.file(role, 'vocabulary'), bundle.file(role, 'merges'), { padToken })
    : await loadTokenizer(bundle.file(role, 'tokenizer'), { padToken });
}

function feedsOf(windows: readonly (readonly number[])[], width: number, padId: number) {
  const ids = new BigInt64Array(windows.length * width).fill(BigInt(padId));
  const attended = new BigInt64Array(windows.length * width);
  for (const [row, tokens] of windows.entries()) {
    ids.set(tokens.map(BigInt), row * width);
    attended.fill(1n, row * width, row * width + tokens.length);
  }
  const dims = [windows.length, width];
  const feeds: Record<string, Tensor> = {
    input_ids: tensor('int64', dims, ids),
    attention_mask: tensor('int64', dims, attended),
  };
  return feeds;
}

/** Which outputs are what. */
interface OutputNames {
  readonly states: string;
  /** 1 for states that count; without it all do. */
  readonly mask?: string;
  /** Sentence embedding; without it the mean of the states stands for it. */
  readonly pooled?: string;
}

/** Outputs by the names of our own bundles, and of Optimum's exports. */
function outputNames(
  { outputs }: InferenceSession,
  { hidden }: ReaderConfig,
): OutputNames | { missing: string } {
  const names = outputs.map(({ name }) => name);
  const find = (...wanted: string[]) => wanted.find((name) => names.includes(name));
  const layers = names.filter((name) => /^hidden_states\.\d+$/.test(name)).length;
  const wanted =
    hidden === 'penultimate' ? [`hidden_states.${layers - 2}`] : ['hidden_states', 'last_hidden_state'];
  const states = find(...wanted);
  if (states === undefined) return { missing: wanted.at(-1) as string };
  const mask = find('hidden_mask');
  const pooled = find('pooled', 'text_embeds', 'pooler_output');
  return { states, ...(mask && { mask }), ...(pooled && { pooled }) };
}

function embeddingsOf(
  windows: readonly (readonly number[])[],
  outputs: Readonly<Record<string, Tensor>>,
  names: OutputNames,
  dim: number,
): Embedding[] {
  const { data: states, dims } = floatOutput(outputs, names.states);
  const length = states.length / windows.length / dim;
  if (!Number.isInteger(length)) {
    throw new InferenceError(
      'RUN_FAILED',
      `Output "${names.states}" is [${dims.join(', ')}], the config says ${dim} wide`,
    );
  }
  const mask = names.mask ? (outputs[names.mask]?.data as BigInt64Array) : undefined;
  const pooled = names.pooled ? floatOutput(outputs, names.pooled).data : undefined;
  return windows.map((tokens, row) => {
    const own = states.slice(row * length * dim, (row + 1) * length * dim);
    return {
      states: tensor('float32', [length, dim], own),
      mask: tensor(
        'int64',
        [length],
        mask?.slice(row * length, (row + 1) * length) ?? new BigInt64Array(length).fill(1n),
      ),
      pooled: sentence(pooled, windows.length, row) ?? meanOf(own, tokens.length, dim),
      tokenCount: tokens.length,
    };
  });
}

function sentence(
  pooled: Float32Array | undefined,
  rows: number,
  row: number,
): Tensor<'float32'> | undefined {
  if (!pooled) return undefined;
  const width = pooled.length / rows;
  return tensor('float32', [width], pooled.slice(row * width, (row + 1) * width));
}

/** Mean of the states of a text's own tokens. */
function meanOf(states: Float32Array, tokens: number, dim: number): Tensor<'float32'> {
  const mean = new Float32Array(dim);
  for (let i = 0; i < tokens * dim; i++) mean[i % dim]! += (states[i] as number) / tokens;
  return tensor('float32', [dim], mean);
}
