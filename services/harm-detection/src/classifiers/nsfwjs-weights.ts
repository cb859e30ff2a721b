/** The weights that the nsfwjs package carries: MobileNet V2, 224×224, five classes (github.com/infinitered/nsfwjs). */
import { createHash } from 'node:crypto';
import { MobileNetV2Model } from 'nsfwjs/models/mobilenet_v2';
import { z } from 'zod';
import { layersToOnnx, type Weights } from './layers-model.ts';

/** Side of the input, pixels. */
export const INPUT_SIDE = 224;
/** Order of the outputs. */
export const CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const;

const modelSchema = z.object({
  modelTopology: z.unknown(),
  weightsManifest: z.array(
    z.object({
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().positive()),
          dtype: z.literal('float32'),
          /** value = code · scale + min */
          quantization: z.object({ min: z.number(), scale: z.number(), dtype: z.literal('uint8') }),
        }),
      ),
    }),
  ),
});

/**
 * Reads the package's weights, 2.6 MB, and builds the model: input `image` float32 [n, 3, 224, 224] in [0, 1], output
 * `scores` float32 [n, 5]. `sha256` is that of the package's weights. @throws Error when the package is not as expected.
 */
export async function nsfwModel(): Promise<{ onnx: Uint8Array; sha256: string }> {
  const model = modelSchema.parse((await MobileNetV2Model.modelJson()).default);
  const bundles: string[] = [];
  for (const load of MobileNetV2Model.weightBundles) bundles.push(z.string().parse((await load()).default));
  const bytes = Buffer.concat(bundles.map((bundle) => Buffer.from(bundle, 'base64')));
  const weights = dequantized(
    model.weightsManifest.flatMap((group) => group.weights),
    bytes,
  );
  return {
    onnx: layersToOnnx(model.modelTopology, weights, INPUT_SIDE, CLASSES.length),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

type Specs = z.infer<typeof modelSchema>['weightsManifest'][number]['weights'];

/** The codes lie in the order of their specs, one byte each. */
function dequantized(specs: Specs, bytes: Uint8Array): Weights {
  const weights = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  let offset = 0;
  for (const { name, shape, quantization } of specs) {
    const size = shape.reduce((product, side) => product * side, 1);
    const codes = bytes.subarray(offset, offset + size);
    offset += size;
    // A code is one of 256: looked up, not computed, in a plain loop; there are 2.6 million.
    const meaning = Float32Array.from(
      { length: 256 },
      (_, code) => code * quantization.scale + quantization.min,
    );
    const values = new Float32Array(codes.length);
    for (let i = 0; i < codes.length; i++) values[i] = meaning[codes[i] as number] as number;
    weights.set(name, { shape, values });
  }
  if (offset !== bytes.length)
    throw new Error(`the nsfwjs weights hold ${bytes.length} bytes, not ${offset}`);
  return weights;
}
