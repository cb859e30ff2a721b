/// <reference lib="esnext.float16" />
/** Caption embeddings as members of a shard: `<key>.tokens.npy` [captions, length, dim], `<key>.pooled.npy` [captions, dim]. */
import type { TarMember } from '@atelier/scenes';
import type { CaptionEmbedder, CaptionEmbedding } from './cache.ts';
import { npyFloat16 } from './npy.ts';

/** The embedding of the empty caption as files beside the shards: what the trainer drops captions to. */
export async function emptyMembers(embedder: CaptionEmbedder): Promise<TarMember[]> {
  const { tokens, pooled, length, dim } = await embedder.embed('');
  return [
    { name: 'empty.tokens.npy', body: npyFloat16([length, dim], tokens) },
    { name: 'empty.pooled.npy', body: npyFloat16([dim], pooled) },
  ];
}

/** In the order of the captions. Throws RangeError for an encoder that gives captions unequal lengths. */
export async function embeddingMembers(
  key: string,
  captions: readonly string[],
  embedder: CaptionEmbedder,
): Promise<TarMember[]> {
  const embeddings: CaptionEmbedding[] = [];
  for (const caption of captions) embeddings.push(await embedder.embed(caption));
  const [{ length, dim }] = embeddings as [CaptionEmbedding];
  if (embeddings.some((other) => other.length !== length))
    throw new RangeError(`captions of ${key} have embeddings of unequal length`);
  const joined = (part: 'tokens' | 'pooled'): Float16Array =>
    Float16Array.from(embeddings.flatMap((embedding) => [...embedding[part]]));
  return [
    { name: `${key}.tokens.npy`, body: npyFloat16([embeddings.length, length, dim], joined('tokens')) },
    { name: `${key}.pooled.npy`, body: npyFloat16([embeddings.length, dim], joined('pooled')) },
  ];
}
