/** The end of a generation that a safety service objected to. */
import type { SafetyVerdict } from '@atelier/contracts';
import { internal } from '@atelier/rpc';

/** Thrown to end a generation as BLOCKED; a verdict is a result, not a failure of the platform. */
export class Blocked extends Error {
  readonly verdict: SafetyVerdict;

  /** Throws RpcError INTERNAL for an answer without verdict: the generation then fails closed. */
  constructor(verdict: SafetyVerdict | undefined) {
    super('blocked by a safety verdict');
    this.name = 'Blocked';
    if (!verdict) throw internal('a safety service answered without a verdict');
    this.verdict = verdict;
  }
}
