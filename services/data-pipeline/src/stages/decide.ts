/** Stage 3, one task: duplicates leave, what stays is numbered into shards. */
import { better, type Copy, keepBest } from '../near/choose.ts';
import type { NearPlan } from '../near/partition.ts';
import { removed, type Verdict } from '../reasons.ts';
import { FILES, type Run } from '../run.ts';
import { readJson, readLines, toLines } from '../store/store.ts';
import type { Examined } from './examined.ts';
import type { NearPair } from './near.ts';

/** A line of the ledger: an examined item with its end. */
export interface Decided extends Examined {
  verdict: Verdict;
  /** Of a duplicate, the item that stays. */
  duplicateOf: number | null;
  /** Of a kept item: its shard and key there. */
  shard: number | null;
  key: string | null;
}

export interface Decision {
  items: number;
  kept: number;
  shards: number;
}

/** What a shard task has to fetch. */
export interface ShardEntry {
  chunk: number;
  line: Decided;
}

const LOSSLESS = new Set(['png', 'tiff', 'ppm', 'gif']);

export async function decide({ store, options }: Run, chunks: number): Promise<void> {
  // Only what choosing needs stays in memory: some hundred bytes an item that is still in.
  const survivors = new Map<number, Copy>();
  const byHash = new Map<string, number[]>();
  const itemAt = new Map<string, number>();
  for (let chunk = 0; chunk < chunks; chunk++) {
    for (const line of await readLines<Examined>(store, FILES.examined(chunk))) {
      if (line.verdict) continue;
      const { item, sha256 } = line;
      survivors.set(item, {
        item,
        faithful: line.captionIssue !== 'caption_irrelevant',
        pixels: line.width * line.height,
        lossless: LOSSLESS.has(line.format),
        sharpness: line.sharpness,
      });
      byHash.set(sha256, [...(byHash.get(sha256) ?? []), item]);
      itemAt.set(`${chunk}:${line.signature}`, item);
    }
  }
  const exact = new Map<number, number>();
  for (const same of byHash.values()) {
    const [best, ...rest] = same.map((item) => survivors.get(item) as Copy).sort(better);
    for (const copy of rest) exact.set(copy.item, (best as Copy).item);
  }
  for (const item of exact.keys()) survivors.delete(item);
  const near = keepBest(survivors, await readPairs({ store, options }, itemAt));
  await writeDecided({ store, options }, chunks, exact, near);
}

async function readPairs(
  { store }: Run,
  itemAt: ReadonlyMap<string, number>,
): Promise<Map<number, number[]>> {
  const plan = await readJson<NearPlan>(store, FILES.nearPlan);
  const pairs = new Map<number, number[]>();
  const add = (a: number, b: number): void => void pairs.set(a, [...(pairs.get(a) ?? []), b]);
  for (let task = 0; task < plan.tasks.length; task++) {
    for (const { a, b } of await readLines<NearPair>(store, FILES.near(task))) {
      const [one, two] = [itemAt.get(a.join(':')) as number, itemAt.get(b.join(':')) as number];
      add(one, two);
      add(two, one);
    }
  }
  return pairs;
}

async function writeDecided(
  { store, options }: Run,
  chunks: number,
  exact: ReadonlyMap<number, number>,
  near: ReadonlyMap<number, number>,
): Promise<void> {
  let items = 0;
  let kept = 0;
  let shards = 0;
  // One shard at a time for each shape of pictures.
  const open = new Map<string, { shard: number; entries: ShardEntry[] }>();
  const openShard = (bucket: string) => {
    const begun = open.get(bucket) ?? { shard: shards++, entries: [] };
    open.set(bucket, begun);
    return begun;
  };
  for (let chunk = 0; chunk < chunks; chunk++) {
    const lines: Decided[] = [];
    for (const line of await readLines<Examined>(store, FILES.examined(chunk))) {
      items += 1;
      // The twin of a picture that leaves for a better copy is a duplicate of that one: what is named stays.
      const twin = exact.get(line.item);
      const duplicateOf = near.get(twin ?? line.item) ?? twin ?? null;
      const duplicate = removed(
        exact.has(line.item) ? 'exact_duplicate' : 'near_duplicate',
        `of item ${duplicateOf}`,
      );
      const verdict: Verdict =
        line.verdict ??
        (duplicateOf === null ? (line.lateVerdict ?? { reason: 'kept', detail: '' }) : duplicate);
      if (verdict.reason !== 'kept') {
        lines.push({ ...line, verdict, duplicateOf, shard: null, key: null });
        continue;
      }
      kept += 1;
      const { shard, entries } = openShard(line.bucket);
      const key = String(line.item).padStart(9, '0');
      const decided: Decided = { ...line, verdict, duplicateOf, shard, key };
      lines.push(decided);
      entries.push({ chunk, line: decided });
      if (entries.length < options.shardSize) continue;
      await store.write(FILES.shardPlan(shard), toLines(entries));
      open.delete(line.bucket);
    }
    await store.write(FILES.decided(chunk), toLines(lines));
  }
  for (const { shard, entries } of open.values()) await store.write(FILES.shardPlan(shard), toLines(entries));
  await store.write(FILES.decision, JSON.stringify({ items, kept, shards } satisfies Decision));
}
