/**
 * How near-duplicate search is cut into tasks. Hashes are filed into cells by their first bits, as many cells as keep each
 * below the limit; a picture is searched for in the cells of its probes, and next door in those one bit away.
 */
export interface NearPlan {
  /** Leading bits of a hash that name its cell; 0 for one cell. */
  cellBits: number;
  /** A task: search one cell for the pictures of some chunks. */
  tasks: { cell: number; fromChunk: number; toChunk: number }[];
}

/** Pictures that one task searches for: enough to be worth loading a cell, few enough for many workers. */
const FEWEST_QUERIES = 100;
const MOST_SLICES = 64;

/** @param counts signatures in each chunk. */
export function planNear(counts: readonly number[], partitionHashes: number): NearPlan {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // Half filled on average: leading bits are not quite even.
  const cellBits = total <= partitionHashes ? 0 : Math.ceil(Math.log2((2 * total) / partitionHashes));
  const wanted = Math.max(FEWEST_QUERIES, total / MOST_SLICES);
  const slices: [from: number, to: number][] = [];
  let from = 0;
  let queries = 0;
  for (const [chunk, count] of counts.entries()) {
    queries += count;
    if (queries < wanted && chunk < counts.length - 1) continue;
    slices.push([from, chunk + 1]);
    from = chunk + 1;
    queries = 0;
  }
  const cells = Array.from({ length: 2 ** cellBits }, (_, cell) => cell);
  return {
    cellBits,
    tasks: cells.flatMap((cell) => slices.map(([fromChunk, toChunk]) => ({ cell, fromChunk, toChunk }))),
  };
}

/** Cell of a hash by its first word. */
export const cellOf = (firstWord: number, cellBits: number): number =>
  cellBits === 0 ? 0 : (firstWord & (2 ** cellBits - 1)) >>> 0;

/** Whether a probe looks into a cell: its own, or one bit away. */
export function looksInto(firstWord: number, cell: number, cellBits: number): boolean {
  const differing = cellOf(firstWord, cellBits) ^ cell;
  return (differing & (differing - 1)) === 0;
}
