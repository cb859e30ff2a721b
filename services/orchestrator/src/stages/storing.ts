/** Stage 8: pictures into the object store, watermarked and signed, as PNG with what it takes to draw them again. */
import { createHash } from 'node:crypto';
import { create, type GeneratedImage, GeneratedImageSchema, SamplerSchema } from '@atelier/contracts';
import { writeWatermarkAside } from '@atelier/provenance';
import type { Attempt } from '../attempt.ts';
import { originOf } from '../content-credentials.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { encodePng } from '../png.ts';
import type { JudgedImage } from './harm-detection.ts';

/** Loads what storing needs and becoming ready does not: the first picture then needn't wait for it, nor those beside it for a core. */
export async function loadLibraries(identity: PipelineOptions['identity']): Promise<void> {
  await Promise.all([import('sharp'), identity && import('@atelier/provenance/credentials')]);
}

/** Encode and store the pictures; keyed by generation and index, so that a later attempt overwrites. */
export async function storeImages(
  attempt: Attempt,
  { images: store, identity }: Pick<PipelineOptions, 'images' | 'identity'>,
  images: readonly JudgedImage[],
): Promise<GeneratedImage[]> {
  return await attempt.stage('store', async () => {
    const { id } = attempt.generation;
    // Loaded by now, or else in a fifth of a second; the watermarks' thread works meanwhile.
    const signing = identity ? import('@atelier/provenance/credentials') : undefined;
    return await Promise.all(
      images.map(async ({ index, seed, image, verdict }) => {
        const text = metadata(attempt, seed);
        const marked = await writeWatermarkAside(image, watermarkOf(text));
        const plain = await encodePng(marked, text);
        // Given back at once: a collection would have to find out that it is garbage.
        marked.data.buffer.transfer(0);
        const signer = await signing;
        const png =
          identity && signer ? await signer.writeCredentials(plain, originOf(attempt), identity) : plain;
        const uri = await store.put(id, index, png);
        return create(GeneratedImageSchema, {
          content: { case: 'uri', value: uri },
          width: image.width,
          height: image.height,
          seed,
          byteSize: BigInt(png.byteLength),
          sha256: createHash('sha256').update(png).digest('hex'),
          verdict,
        });
      }),
    );
  });
}

/** What the picture's invisible watermark says: the beginning of its description's SHA-256, 24 bits. */
const watermarkOf = (text: Readonly<Record<string, string>>): number =>
  createHash('sha256').update(JSON.stringify(text)).digest().readUIntBE(0, 3);

/** Nothing here may differ between two runs of the same request: the bytes of the file must not either. */
function metadata({ generation, madeWith }: Attempt, seed: number): Record<string, string> {
  const { prompt, negativePrompt, enhancedPrompt, steps, guidanceScale, options } = generation;
  return {
    Software: 'Atelier',
    Prompt: prompt,
    'Negative prompt': negativePrompt,
    'Enhanced prompt': enhancedPrompt?.prompt ?? '',
    Seed: String(seed),
    Steps: String(steps),
    Guidance: String(guidanceScale ?? ''),
    Sampler: (options?.sampler && SamplerSchema.value[options.sampler]?.localName) || '',
    Strength: String(options?.strength ?? ''),
    // Not those that judged it: which of them has the last word depends on the pictures beside this one.
    Models: madeWith.map(({ name, version }) => `${name}@${version}`).join(', '),
  };
}
