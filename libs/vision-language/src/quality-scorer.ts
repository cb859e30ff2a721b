/** How well made a picture is, whatever it shows: the role `quality`. The model card says what it learnt to call good. */
import { createSession, floatOutput, type SessionOptions } from '@atelier/inference';
import type { Bundle, ModelIdentity } from '@atelier/models';
import { z } from 'zod';
import { PICTURE_SIDE, picturePlanes } from './picture.ts';

const ROLE = 'quality';

const ConfigSchema = z.object({
  size: z.literal(PICTURE_SIDE),
  /** Score that all but a few well-made pictures reach. */
  threshold: z.number().min(0).max(1),
});

export interface QualityScorer {
  readonly identity: ModelIdentity;
  /** Below it a picture is spoilt, 0..1. */
  readonly threshold: number;
  /**
   * 0 (spoilt) to 1 (like a clean render).
   * @param rgb interleaved bytes of a 64×64 picture.
   */
  score(rgb: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** Loads the role. @throws BundleError or InferenceError. */
export async function openQualityScorer(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'> = {},
): Promise<QualityScorer> {
  const { threshold } = bundle.config(ROLE, ConfigSchema);
  const session = await createSession(bundle.file(ROLE), { ...options, name: ROLE });
  return {
    identity: bundle.identity(ROLE),
    threshold,
    async score(rgb) {
      const outputs = await session.run({ image: picturePlanes(rgb) });
      return floatOutput(outputs, 'score').data[0] as number;
    },
    close: () => session.close(),
  };
}
