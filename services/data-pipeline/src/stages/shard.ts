/** Stage 4: kept pairs as a WebDataset shard in the trainer's format, with the embeddings of their captions. */
import { shardName, type TarMember, tarStream } from '@atelier/scenes';
import type { CaptionEmbedder } from '../embedding/cache.ts';
import { embeddingMembers, emptyMembers } from '../embedding/members.ts';
import { FILES, type Run } from '../run.ts';
import { readLines } from '../store/store.ts';
import type { ShardEntry } from './decide.ts';

/** @param embedder null: captions are not embedded. */
export async function writeShard(
  { store }: Run,
  shard: number,
  embedder: CaptionEmbedder | null,
): Promise<void> {
  const entries = await readLines<ShardEntry>(store, FILES.shardPlan(shard));
  const parts: Buffer[] = [];
  for await (const part of tarStream(members({ store }, entries, embedder))) parts.push(part as Buffer);
  if (embedder) for (const { name, body } of await emptyMembers(embedder)) await store.write(name, body);
  await store.write(shardName(shard), Buffer.concat(parts));
  await store.write(FILES.shardDone(shard), '');
}

async function* members(
  { store }: Pick<Run, 'store'>,
  entries: readonly ShardEntry[],
  embedder: CaptionEmbedder | null,
): AsyncGenerator<TarMember> {
  for (const { chunk, line } of entries) {
    const { item, source, sha256, domain, attributes, captions, relevance, feedback } = line;
    const key = line.key as string;
    // Lineage goes with the pair: where it came from, and the hash an opt-out list can name.
    const facts = { key, item, source, sha256, domain, attributes, captions, relevance, feedback };
    yield { name: `${key}.json`, body: Buffer.from(JSON.stringify(facts)) };
    for (const [extension, [offset, length]] of Object.entries(line.pictures))
      yield {
        name: `${key}.${extension}`,
        body: await store.readRange(FILES.pictures(chunk), offset, length),
      };
    if (embedder)
      yield* await embeddingMembers(
        key,
        captions.map(({ text }) => text),
        embedder,
      );
  }
}
