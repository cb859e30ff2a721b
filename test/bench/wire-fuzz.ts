/** A million mutated protobufs against every RPC method. */
import { fuzz } from '../security/fuzz.ts';
import type { Benchmark } from './benchmark.ts';

const MESSAGES = 1_000_000;
const LIMIT_MS = 15 * 60_000;

export const benchmark: Benchmark = {
  about: 'mutated protobufs against every RPC method: crashes, and answers by code',
  async run(log) {
    log(`${MESSAGES} messages, at most ${LIMIT_MS / 60_000} minutes`);
    const { messages, crashes, codes, seconds } = await fuzz(MESSAGES, LIMIT_MS);
    return { messages, crashes, faults: (codes.INTERNAL ?? 0) + (codes.UNKNOWN ?? 0), seconds, codes };
  },
};
