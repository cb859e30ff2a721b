/** Bytes that are almost a message: seeded, so that what breaks a server breaks it again. Pure. */

/** A generator of numbers in [0, 1) (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** What protobuf parsers have stumbled over: lengths without end, ten-byte numbers, groups, wrong wire types, broken UTF-8. */
const NASTY: readonly (readonly number[])[] = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x0b],
  [0x0c],
  [0x00],
  [0x0a, 0xff, 0xff, 0xff, 0x7f],
  [0x12, 0x02, 0xff, 0xfe],
  [0x2d, 0x00, 0x00, 0xc0, 0x7f],
  [0x12, 0x03, 0xed, 0xa0, 0x80],
];

/** Up to four changes to `bytes`. */
export function mutate(bytes: Uint8Array, random: Random): Buffer {
  let mutated: Buffer = Buffer.from(bytes);
  for (let changes = 1 + below(random, 4); changes > 0; changes--) mutated = change(mutated, random);
  return mutated;
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = below(random, bytes.length + 1);
  const nasty = Buffer.from(NASTY[below(random, NASTY.length)] ?? []);
  switch (below(random, 7)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << below(random, 8));
      return flipped;
    }
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), nasty, bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 8))]);
    case 4:
      return Buffer.concat([bytes, bytes.subarray(at)]);
    case 5:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([below(random, 256)]), bytes.subarray(at)]);
    default:
      return nested(bytes, 1 + below(random, 200));
  }
}

/** `bytes` inside of a field inside of a field …: what overflows the stack of a parser that trusts. */
function nested(bytes: Buffer, depth: number): Buffer {
  let inner = bytes;
  for (let i = 0; i < depth && inner.length < 4_096; i++) {
    inner = Buffer.concat([Buffer.from([0x0a, ...varint(inner.length)]), inner]);
  }
  return inner;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
