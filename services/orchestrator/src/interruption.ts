/** Why a worker stops in the middle of a generation. */

/**
 * - `cancelled`: its caller asked; the record says so already.
 * - `superseded`: another worker, or a final state, owns the record now.
 * - `shutdown`: this process ends before the generation does; another takes over.
 * - `timeout`: the attempt took too long.
 */
export type InterruptionKind = 'cancelled' | 'superseded' | 'shutdown' | 'timeout';

export class Interruption extends Error {
  readonly kind: InterruptionKind;

  constructor(kind: InterruptionKind) {
    super(`the attempt was interrupted: ${kind}`);
    this.name = 'Interruption';
    this.kind = kind;
  }
}
