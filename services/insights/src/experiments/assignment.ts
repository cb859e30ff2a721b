/** Who is on which side of an experiment. Pure: the same user is always on the same side, on every replica. */
import { createHash } from 'node:crypto';

export type Side = 'control' | 'treatment';

/** 2^48: as many bits as a number multiplies exactly. */
const RANGE = 2 ** 48;

/**
 * The side of a user: the first 48 bits of SHA-256(experiment, 0, user) below the treatment's share, 0 to 1. With the
 * experiment in the hash, one experiment's sides say nothing about another's.
 */
export function sideOf(experimentId: string, userId: string, treatmentShare: number): Side {
  const digest = createHash('sha256').update(experimentId).update('\0').update(userId).digest();
  return digest.readUIntBE(0, 6) < treatmentShare * RANGE ? 'treatment' : 'control';
}
