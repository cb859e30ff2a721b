import { type EncodeTextRequest, promptViolations, TextEncoderService } from '@atelier/contracts';
import { inferenceRpcError, toWire } from '@atelier/inference/service';
import { supportsLanguage, type Vocabulary } from '@atelier/models';
import { type Binding, bind, invalidArgument } from '@atelier/rpc';
import { trace } from '@opentelemetry/api';
import type { EmbeddingCache } from './cache.ts';
import { type Embedding, paddedTo } from './embedding.ts';
import type { TextEncoder } from './model.ts';

const MAX_TEXTS = 16;
const DEFAULT_LANGUAGE = 'en';
const tracer = trace.getTracer('@atelier/text-encoder');

/** What the service is made of. */
export interface TextEncoderParts {
  readonly encoder: TextEncoder;
  readonly cache: EmbeddingCache;
  /** Words of the training captions, where the bundle knows them. */
  readonly vocabulary?: Vocabulary | undefined;
  /** BCP-47 languages the encoder reads. */
  readonly languages: readonly string[];
}

/** Serves `atelier.text_encoder.v1.TextEncoderService`. */
export function textEncoderService({ encoder, cache, vocabulary, languages }: TextEncoderParts): Binding {
  async function embed(text: string): Promise<Embedding> {
    return await tracer.startActiveSpan('text_encoder.embed', async (span) => {
      try {
        // Not bound to the caller: others may be waiting for the same text, and it ends within milliseconds.
        const { embedding, hit } = await cache.get(text, () => encoder.encode(text));
        span.setAttributes({
          'text_encoder.cache_hit': hit,
          'text_encoder.tokens': embedding.tokenCount,
        });
        return embedding;
      } finally {
        span.end();
      }
    });
  }

  /** The texts' embeddings; all of one length where the model has no mask to tell a shorter one by. */
  async function embedAll(texts: readonly string[]): Promise<Embedding[]> {
    const embeddings = await Promise.all(texts.map(embed));
    const longest = Math.max(...embeddings.map(({ mask }) => mask.data.length));
    if (!encoder.aligned || embeddings.every(({ mask }) => mask.data.length === longest)) return embeddings;
    const empty = await embed('');
    return embeddings.map((embedding) => paddedTo(embedding, longest, empty));
  }

  return bind(TextEncoderService, {
    async encodeText(request) {
      check(request, languages);
      try {
        const embeddings = (await embedAll(request.texts)).map((embedding, i) => ({
          tokens: toWire(embedding.states),
          mask: toWire(embedding.mask),
          pooled: toWire(embedding.pooled),
          tokenCount: embedding.tokenCount,
          unknownConcepts: vocabulary?.unknownConcepts(request.texts[i] as string) ?? [],
        }));
        return { embeddings, modelVersion: encoder.identity };
      } catch (error) {
        throw inferenceRpcError(error);
      }
    },
  });
}

/** @throws RpcError INVALID_ARGUMENT naming every bad field and its limit. */
function check({ texts, language }: EncodeTextRequest, languages: readonly string[]): void {
  const violations = texts
    .slice(0, MAX_TEXTS)
    .flatMap((text, i) => promptViolations(`texts[${i}]`, text, { minWords: 0 }));
  if (texts.length < 1 || texts.length > MAX_TEXTS) {
    violations.push({
      field: 'texts',
      description: `must hold 1 to ${MAX_TEXTS} texts, not ${texts.length}`,
    });
  }
  if (!supportsLanguage(languages, language || DEFAULT_LANGUAGE)) {
    violations.push({ field: 'language', description: `must be one of ${languages.join(', ')}` });
  }
  if (violations.length > 0) throw invalidArgument(violations);
}
