/** The weights that the nsfwjs package carries: MobileNet V2, 224×224, five classes (github.com/infinitered/nsfwjs). */
import { createHash } from 'node:crypto';
import { MobileNetV2Model } from 'nsfwjs/models/mobilenet_v2';
import { z } from 'zod';

/** Side of the input, pixels. */
export const INPUT_SIDE = 224;
/** Order of the outputs. */
export const CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const;

/** A layers model of TensorFlow.js: what its loader wants, ready to be sent to another thread. */
export interface NsfwWeights {
  readonly modelTopology: Record<string, unknown>;
  readonly weightSpecs: readonly Record<string, unknown>[];
  readonly weightData: ArrayBuffer;
  /** SHA-256 of `weightData`, lower-case hexadecimal. */
  readonly sha256: string;
}

const modelSchema = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.object({ weights: z.array(z.record(z.string(), z.unknown())) })),
});

/** Reads the weights, 2.6 MB, from node_modules. @throws Error when the package is not as expected. */
export async function readWeights(): Promise<NsfwWeights> {
  const model = modelSchema.parse((await MobileNetV2Model.modelJson()).default);
  const bundles: string[] = [];
  for (const load of MobileNetV2Model.weightBundles) bundles.push(z.string().parse((await load()).default));
  const bytes = Buffer.concat(bundles.map((bundle) => Buffer.from(bundle, 'base64')));
  return {
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(bytes).buffer,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
