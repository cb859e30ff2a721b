import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from '../classifier.ts';
import { loadReader } from './reader.ts';

const signal = new AbortController().signal;
const [WIDTH, INNER, RANK, PLACES] = [8, 16, 4, 16];
const PIECES = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', 'boat', 'on', 'water', 'knife'];

/** Numbers in -1..1 without a pattern, the same in every run. */
function noise(size: number, seed: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    const high = Math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1)) * 43_758.5453;
    return 2 * (high - Math.floor(high)) - 1;
  });
}

function safetensors(
  tensors: Readonly<Record<string, { shape: number[]; values: Float32Array }>>,
): Uint8Array {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + values.byteLength] };
    parts.push(new Uint8Array(values.buffer));
    at += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

/** A BERT of one layer, two heads and eight features. */
function encoderFile(): Uint8Array {
  const shapes: Record<string, number[]> = {
    'embeddings.word_embeddings.weight': [PIECES.length, WIDTH],
    'embeddings.position_embeddings.weight': [PLACES, WIDTH],
    'embeddings.token_type_embeddings.weight': [2, WIDTH],
  };
  const layer = 'encoder.layer.0';
  for (const part of [
    'attention.self.query',
    'attention.self.key',
    'attention.self.value',
    'attention.output.dense',
  ])
    shapes[`${layer}.${part}.weight`] = [WIDTH, WIDTH];
  shapes[`${layer}.intermediate.dense.weight`] = [INNER, WIDTH];
  shapes[`${layer}.output.dense.weight`] = [WIDTH, INNER];
  for (const name of Object.keys(shapes).filter((each) => each.startsWith(layer)))
    shapes[name.replace('weight', 'bias')] = [shapes[name]?.[0] as number];
  for (const norm of ['embeddings', `${layer}.attention.output`, `${layer}.output`])
    for (const part of ['weight', 'bias']) shapes[`${norm}.LayerNorm.${part}`] = [WIDTH];
  return safetensors(
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape], seed) => [
        name,
        {
          shape,
          // Small biases, so that what comes out depends on what goes in.
          values: noise(
            shape.reduce((a, b) => a * b),
            seed,
          ).map((value) => (name.endsWith('bias') ? value / 10 : value)),
        },
      ]),
    ),
  );
}

/** Words as they are, between BERT's marks. */
const tokenizer = {
  added_tokens: [],
  normalizer: null,
  decoder: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
  },
  post_processor: {
    type: 'TemplateProcessing',
    single: ['[CLS]', 'A', '[SEP]'].map((id) =>
      id === 'A' ? { Sequence: { id, type_id: 0 } } : { SpecialToken: { id, type_id: 0 } },
    ),
    pair: [],
    special_tokens: Object.fromEntries(
      ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [PIECES.indexOf(id)], tokens: [id] }]),
    ),
  },
};

/** Adapters that change nothing, and a head of three classes. */
function adaptersFile(): Uint8Array {
  const tensors: Record<string, { shape: number[]; values: Float32Array }> = {
    'head.weight': { shape: [3, WIDTH], values: noise(3 * WIDTH, 50).map((value) => 4 * value) },
    'head.bias': { shape: [3], values: new Float32Array(3) },
  };
  for (const part of ['query', 'key', 'value', 'out', 'up', 'down']) {
    const [outs, ins] = [part === 'up' ? INNER : WIDTH, part === 'down' ? INNER : WIDTH];
    tensors[`0.${part}.down`] = { shape: [RANK, ins], values: noise(RANK * ins, 60) };
    tensors[`0.${part}.up`] = { shape: [outs, RANK], values: new Float32Array(outs * RANK) };
  }
  return safetensors(tensors);
}

describe('the prompt reader', () => {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  let folder = '';
  let reader: Classifier | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-reader-'));
    const [encoder, adapters] = [encoderFile(), adaptersFile()];
    await mkdir(join(folder, 'encoder'));
    await writeFile(join(folder, 'encoder/model.safetensors'), encoder);
    await writeFile(join(folder, 'encoder/tokenizer.json'), JSON.stringify(tokenizer));
    const bert = { model_type: 'bert', hidden_act: 'gelu', num_hidden_layers: 1, num_attention_heads: 2 };
    await writeFile(join(folder, 'encoder/config.json'), JSON.stringify(bert));
    await writeFile(join(folder, 'adapters.safetensors'), adapters);
    const model = { path: 'adapters.safetensors', sha256: sha256(adapters), bytes: adapters.length };
    const config = {
      language: 'en',
      categories: ['violence', 'illegal'],
      thresholds: { illegal: 0.9 },
      maxTokens: PLACES,
      encoder: { package: 'test', version: '1', sha256: sha256(encoder) },
    };
    const roles = { prompt_reader: { files: { model }, config } };
    const manifest = { name: 'test', version: '1', licence: 'Apache-2.0', languages: ['en'], roles };
    await writeFile(join(folder, 'atelier.json'), JSON.stringify(manifest));
    reader = await loadReader(folder, join(folder, 'encoder'), {});
  });
  afterAll(async () => {
    await reader?.close();
    await rm(folder, { recursive: true });
  });
  const read = async (...texts: string[]) =>
    await (reader as Classifier).classify(
      texts.map((text) => text.split(' ').filter(Boolean)),
      signal,
    );

  it('scores its own categories by what the words are and where they stand', async () => {
    const [boat, knife, turned] = await read('boat a', 'knife a', 'a boat');
    expect(boat?.nudity).toBe(0);
    expect(Math.max(boat?.violence as number, boat?.illegal as number)).toBeGreaterThan(0);
    expect(Math.abs((boat?.illegal ?? 0) - (knife?.illegal ?? 0))).toBeGreaterThan(0.02);
    expect(Math.abs((boat?.illegal ?? 0) - (turned?.illegal ?? 0))).toBeGreaterThan(0.005);
  });

  it('says the same of a text alone and beside a longer one', async () => {
    const [alone] = await read('a boat');
    const [beside] = await read('a boat', 'a knife on water on a boat');
    expect(beside?.violence).toBeCloseTo(alone?.violence as number, 1);
  });

  it('reads a long text to its end, and counts its worst part', async () => {
    const boats = (count: number): string => Array(count).fill('boat').join(' ');
    const [whole] = await read(`${boats(30)} knife knife knife`);
    // Windows of fourteen words: the last one holds two boats and the knives.
    const parts = await read(boats(14), `${boats(2)} knife knife knife`);
    for (const category of ['violence', 'illegal'] as const) {
      const worst = Math.max(...parts.map((part) => part[category]));
      expect(whole?.[category]).toBeCloseTo(worst, 1);
    }
    const [first, last] = parts;
    expect(Math.abs((first?.illegal ?? 0) - (last?.illegal ?? 0))).toBeGreaterThan(0.1);
  });

  it('has judged nothing of a text without a word that it can read', async () => {
    const [nothing] = await read('привет');
    expect(Math.max(...Object.values(nothing ?? {}))).toBe(0);
  });

  it('refuses another encoder than the one its adapters were trained on, and a folder without one', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    await expect(loadReader(folder, other, {})).rejects.toThrow(
      /other\/(model\.safetensors|config\.json|tokenizer\.json) cannot be read/,
    );
    await writeFile(join(other, 'model.safetensors'), adaptersFile());
    await writeFile(join(other, 'config.json'), '{}');
    await expect(loadReader(folder, other, {})).rejects.toThrow(
      /the bundle's prompt reader needs [0-9a-f]{64}/,
    );
  });
});
