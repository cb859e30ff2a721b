/** Pictures through a mesh, as any client gets them. */
import type { Atelier } from '@atelier/client';
import { type Generation, GenerationState, SafetyCategorySchema } from '@atelier/contracts';
import type { DrawnRecord, RunFolder } from './folder.ts';

/** How everything of a run is drawn. */
export interface Drawing {
  /** Side, pixels: 64, 256 or 1,024. */
  readonly size: number;
  /** Denoising steps; undefined: the model's own. */
  readonly steps?: number | undefined;
  /** Pictures in hand at once, 1 or more. */
  readonly concurrency: number;
}

/** A picture to draw. */
export interface Order {
  /** Name of its files. */
  readonly key: string;
  readonly text: string;
  readonly seed: number;
  readonly enhance: boolean;
}

/** Whose pictures these are, in the records of the mesh. */
const TENANT = 'evaluation';

/** Draws what isn't there yet. @param onDrawn hears of each picture when it is kept. */
export async function drawMissing(
  atelier: Atelier,
  folder: RunFolder,
  orders: readonly Order[],
  drawing: Drawing,
  onDrawn: () => void,
): Promise<void> {
  const waiting = orders.values();
  const hand = async (): Promise<void> => {
    for (const order of waiting) {
      const { record, png } = await drawOne(atelier, order, drawing);
      await folder.keep(order.key, record, png);
      onDrawn();
    }
  };
  await Promise.all(Array.from({ length: drawing.concurrency }, hand));
}

async function drawOne(
  atelier: Atelier,
  { text, seed, enhance }: Order,
  { size, steps }: Drawing,
): Promise<{ record: DrawnRecord; png?: Uint8Array }> {
  const request = { prompt: text, seed, size, enhance, private: true, tenant: TENANT };
  const generation = await atelier.generate(
    { ...request, ...(steps !== undefined && { steps }) },
    { previews: false },
  );
  const record = recordOf(generation);
  if (record.state !== 'succeeded' || generation.result.case !== 'images') return { record };
  const content = generation.result.value.images[0]?.content;
  if (content?.case !== 'inline') throw new Error(`generation ${generation.id} has no picture in its answer`);
  return { record, png: content.value.data };
}

function recordOf(generation: Generation): DrawnRecord {
  const { state, result, stages, unknownConcepts, modelVersions } = generation;
  const duration = (name: string) =>
    stages.filter((stage) => stage.name === name).reduce((sum, { durationMs = 0 }) => sum + durationMs, 0) /
    1000;
  const seconds = stages.reduce(
    (sum, { name, durationMs = 0 }) => (name === 'queue' ? sum : sum + durationMs),
    0,
  );
  const category =
    result.case === 'verdict' ? (SafetyCategorySchema.value[result.value.category]?.localName ?? '') : '';
  return {
    state: stateOf(state),
    seconds: seconds / 1000,
    denoisingSeconds: duration('diffusion'),
    unknownConcepts,
    why: result.case === 'error' ? result.value.message : category.toLowerCase(),
    models: modelVersions.map(({ name, version }) => `${name}@${version}`),
  };
}

function stateOf(state: GenerationState): DrawnRecord['state'] {
  if (state === GenerationState.SUCCEEDED) return 'succeeded';
  return state === GenerationState.BLOCKED ? 'blocked' : 'failed';
}
