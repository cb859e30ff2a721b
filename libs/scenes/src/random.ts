/** Seeded randomness: a scene is a pure function of its seed, on every machine. */

/** A stream of uniform numbers with the few draws a scene needs. */
export interface Random {
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** Uniform integer in [low, high], both included. */
  int(low: number, high: number): number;
  /** True with the given probability (0..1). */
  chance(probability: number): boolean;
  /** One element, uniformly. Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** One key of a weight table, in proportion to its weight (weights ≥ 0, not all 0). */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** `count` different elements, in random order. */
  sample<T>(items: readonly T[], count: number): T[];
  /** An independent stream, so that adding a draw in one part leaves the others as they were. */
  fork(label: string): Random;
}

/** sfc32 of PractRand (Chris Doty-Humphrey), seeded through a 32-bit string hash (FNV-1a). */
export function createRandom(seed: number | string): Random {
  const key = String(seed);
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  let a = hash;
  let b = hash ^ 0x9e3779b9;
  let c = Math.imul(hash, 0x85ebca6b);
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();

  const random: Random = {
    range: (low, high) => low + (high - low) * next(),
    int: (low, high) => low + Math.floor((high - low + 1) * next()),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (items.length === 0) throw new RangeError('pick from an empty list');
      return item as (typeof items)[number];
    },
    weighted: (weights) => {
      const entries = Object.entries(weights) as [keyof typeof weights, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      return (entries.at(-1) as [keyof typeof weights, number])[0];
    },
    sample: (items, count) => {
      const pool = [...items];
      for (let i = 0; i < Math.min(count, pool.length); i++) {
        const j = i + Math.floor(next() * (pool.length - i));
        [pool[i], pool[j]] = [pool[j] as (typeof items)[number], pool[i] as (typeof items)[number]];
      }
      return pool.slice(0, count);
    },
    fork: (label) => createRandom(`${key}/${label}`),
  };
  return random;
}
