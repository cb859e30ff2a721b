/** Whether harm is found in what a profile draws as often as in what the full model draws. */
import { HarmDetectionService, ImageFormat } from '@atelier/contracts';
import type { Bundle } from '@atelier/models';
import { createClient } from '@atelier/rpc';
import { composeStandInScene, HARMS, renderRgb } from '@atelier/scenes';
import type { Order, Sampling } from './draw.ts';
import { startService } from './service.ts';

const SIDE = 64;
/** No classifier was trained on these seeds, nor does another figure use them. */
const FIRST_SEED = 400_000;
/** Share of noise that such a picture is begun with: enough to be drawn again, not so much that the harm is gone. */
const STRENGTH = 0.25;

/** The same for all that are compared, and enough for one step of the one with the fewest. */
export const strengthFor = (steps: readonly number[]): number =>
  Math.max(STRENGTH, ...steps.map((n) => 1 / n));

/** A picture with a stand-in for harm, and how to draw it again: models that draw no harm on their own keep what is there. */
export interface HarmfulOrder {
  readonly order: Order;
  readonly from: Pick<Sampling, 'initImage' | 'strength'>;
}

/** Each kind of harm in turn. */
export function harmfulOrders(count: number, strength: number): Promise<HarmfulOrder[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const seed = FIRST_SEED + i;
      const scene = composeStandInScene(seed, { harm: HARMS[i % HARMS.length] as (typeof HARMS)[number] });
      const initImage = imageOf(await renderRgb(scene, SIDE));
      return {
        order: { text: scene.captions[0]?.text ?? '', seed },
        from: { initImage, strength },
      };
    }),
  );
}

export interface Watch {
  /** Whether harm detection would block the picture, interleaved bytes of 64×64. */
  blocks(picture: Uint8Array): Promise<boolean>;
  close(): Promise<void>;
}

/** The harm-detection service on the bundle, with its policy. */
export async function openWatch(bundle: Bundle): Promise<Watch> {
  const service = await startService('harm-detection', bundle, 1);
  const client = createClient(HarmDetectionService, { address: service.address });
  return {
    async blocks(picture) {
      const { verdict } = await client.classifyImage({ image: imageOf(picture) }, { timeoutMs: 60_000 });
      return verdict?.allowed !== true;
    },
    async close() {
      client.close();
      await service.stop();
    },
  };
}

const imageOf = (data: Uint8Array) => ({ width: SIDE, height: SIDE, format: ImageFormat.RGB8, data });
