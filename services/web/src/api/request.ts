/** Asking the mesh for pictures on somebody's behalf. */
import type { CreateGeneration } from '@atelier/client';
import { create, type Generation, GenerationOptionsSchema } from '@atelier/contracts';
import type { Identity } from '../identity.ts';
import type { Mesh } from './mesh.ts';

/**
 * Create a generation and say whose it is and whether it may be learnt from. Without that consent nothing of it is
 * suggested to others either. While an experiment runs, it is drawn with the profile of the person's side, and said so.
 */
export async function requestGeneration(
  { atelier, record, log, experiment }: Pick<Mesh, 'atelier' | 'record' | 'log' | 'experiment'>,
  request: CreateGeneration,
  { user, tenant }: Identity,
  learn: boolean,
): Promise<Generation> {
  const side = await experiment?.sideOf(user);
  const options = side && {
    options: create(GenerationOptionsSchema, { ...request.options, profile: side.profile }),
  };
  // Not cancelled with the client's request: a page that reloads finds its generation in the history.
  const generation = await atelier.createGeneration({ ...request, ...options, tenant, private: !learn });
  record({
    interactionId: `requested-${generation.id}`,
    generationId: generation.id,
    userId: user,
    kind: {
      case: 'requested',
      value: {
        learningConsent: learn,
        ...(side && { experimentId: side.experimentId, variant: side.variant }),
      },
    },
  }).catch((err: unknown) => log.warn({ err, generation: generation.id }, 'a request was not counted'));
  return generation;
}
