/** The dual encoder: pictures and captions in one space, where the cosine tells how well they match. */
import { createSession, floatOutput, type SessionOptions, tensor } from '@atelier/inference';
import { type Bundle, BundleError, type ModelIdentity } from '@atelier/models';
import { z } from 'zod';
import { picturePlanes } from './picture.ts';
import type { TextStates } from './text-states.ts';

const ROLE = 'dual_encoder';

const ConfigSchema = z.object({
  /** Width of embeddings. */
  dim: z.int().min(1),
  /** Width of the image tower's features, which the captioner reads. */
  features: z.int().min(1),
  /** Cosine at which matching and mismatched held-out pairs are parted best. */
  relevanceThreshold: z.number().min(-1).max(1),
  /** Digest of the attribute space of the text encoder that it reads. */
  attributesSha256: z.string(),
});

/** What the image tower makes of a picture. */
export interface PictureEmbedding {
  /** Of length 1, to compare with captions and other pictures. */
  embedding: Float32Array;
  features: Float32Array;
}

export interface DualEncoder {
  readonly identity: ModelIdentity;
  readonly relevanceThreshold: number;
  /** @param rgb interleaved bytes of a 64×64 picture. */
  embedPicture(rgb: Uint8Array): Promise<PictureEmbedding>;
  /** @param states what the same bundle's text encoder read. */
  embedText(states: TextStates): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads the role `dual_encoder`.
 * @throws BundleError CONFIG_INVALID when it was trained on another attribute space than the bundle's text encoder.
 */
export async function openDualEncoder(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'> = {},
): Promise<DualEncoder> {
  const config = bundle.config(ROLE, ConfigSchema);
  if (config.attributesSha256 !== (await attributeDigest(bundle)))
    throw new BundleError(
      'CONFIG_INVALID',
      `The ${ROLE} of ${bundle.path} was trained for another text encoder`,
    );
  const image = await createSession(bundle.file(ROLE, 'image'), { ...options, name: `${ROLE}.image` });
  const text = await createSession(bundle.file(ROLE, 'text'), { ...options, name: `${ROLE}.text` });
  return {
    identity: bundle.identity(ROLE, 'image'),
    relevanceThreshold: config.relevanceThreshold,
    async embedPicture(rgb) {
      const outputs = await image.run({ image: picturePlanes(rgb) });
      return {
        embedding: floatOutput(outputs, 'embedding').data,
        features: floatOutput(outputs, 'features').data,
      };
    },
    async embedText({ tokens, length, dim }) {
      const hidden = tensor('float32', [1, length, dim], tokens.slice());
      return floatOutput(await text.run({ hidden_states: hidden }), 'embedding').data;
    },
    async close() {
      await Promise.all([image.close(), text.close()]);
    },
  };
}

/** Cosine of two embeddings of length 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

/** As the trainer's `space_digest` writes it. */
async function attributeDigest(bundle: Bundle): Promise<string> {
  const { attributes } = bundle.config('text_encoder', z.object({ attributes: z.unknown() }));
  const bytes = new TextEncoder().encode(JSON.stringify(attributes));
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
