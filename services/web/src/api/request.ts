/** Asking the mesh for pictures on somebody's behalf. */
import type { CreateGeneration } from '@atelier/client';
import type { Generation } from '@atelier/contracts';
import type { Identity } from '../identity.ts';
import type { Mesh } from './mesh.ts';

/**
 * Create a generation and say whose it is and whether it may be learnt from. Without that consent nothing of it is
 * suggested to others either.
 */
export async function requestGeneration(
  { atelier, record, log }: Pick<Mesh, 'atelier' | 'record' | 'log'>,
  request: CreateGeneration,
  { user, tenant }: Identity,
  learn: boolean,
): Promise<Generation> {
  // Not cancelled with the client's request: a page that reloads finds its generation in the history.
  const generation = await atelier.createGeneration({ ...request, tenant, private: !learn });
  record({
    interactionId: `requested-${generation.id}`,
    generationId: generation.id,
    userId: user,
    kind: { case: 'requested', value: { learningConsent: learn } },
  }).catch((err: unknown) => log.warn({ err, generation: generation.id }, 'a request was not counted'));
  return generation;
}
