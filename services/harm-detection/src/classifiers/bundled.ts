/** The bundle's own harm classifier, where it has one: an ONNX model over the classes that its config names. */
import { tensor } from '@atelier/inference';
import type { Bundle } from '@atelier/models';
import sharp from 'sharp';
import { z } from 'zod';
import type { Classifier } from './classifier.ts';
import { writePlanes } from './planes.ts';
import { RevivingSession } from './reviving-session.ts';

export const ROLE = 'harm_classifier';

const configSchema = z.object({
  /** Side of the input, pixels. */
  size: z.int().min(16).max(1024),
  /** Names of the outputs, in order; independent probabilities. */
  classes: z.array(z.string().min(1)).min(1),
});

/**
 * Loads role `harm_classifier`: input `image` float32 [1,3,size,size] in [-1,1], RGB; output `scores` float32
 * [1, classes] in [0,1]. @throws BundleError or InferenceError.
 */
export async function createBundledClassifier(
  bundle: Bundle,
  { timeoutMs }: { timeoutMs: number },
): Promise<Classifier> {
  const { size, classes } = bundle.config(ROLE, configSchema);
  const session = new RevivingSession(async () => bundle.file(ROLE), { name: ROLE, timeoutMs });
  await session.ready();
  return {
    version: bundle.identity(ROLE),
    async classify({ width, height, rgb }, signal) {
      const resized = await sharp(rgb, { raw: { width, height, channels: 3 } })
        .resize(size, size, { fit: 'fill' })
        .raw()
        .toBuffer();
      const planes = new Float32Array(3 * size * size);
      writePlanes(resized, planes, 0, 1 / 127.5, -1);
      const { scores } = await session.run({ image: tensor('float32', [1, 3, size, size], planes) }, signal);
      return Object.fromEntries(
        classes.map((name, index) => [name, Number(scores?.data[index] ?? Number.NaN)]),
      );
    },
    close: () => session.close(),
  };
}
