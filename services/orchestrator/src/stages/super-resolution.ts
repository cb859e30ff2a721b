/** Stage 7: from the base model's size to the one that was asked for. */
import type { Image } from '@atelier/contracts';
import { internal } from '@atelier/rpc';
import type { Attempt } from '../attempt.ts';
import type { Services } from '../clients.ts';
import type { BaseImage } from './diffusion.ts';
import { isCascaded, resampled } from './resample.ts';

/**
 * The pictures, in order, at `size` pixels on their longer side: enlarged by networks where these lead there, resampled otherwise (a
 * bundle may draw pictures of any size); as they are when that is what they have. One at a time: each fills the CPU.
 */
export async function upscaleImages(
  attempt: Attempt,
  services: Services,
  images: readonly BaseImage[],
  signal: AbortSignal,
): Promise<Image[]> {
  const { size } = attempt.generation;
  if (!images.some(({ image }) => isCascaded(image, size))) {
    return await Promise.all(images.map(async ({ image }) => await resampled(image, size)));
  }
  return await attempt.stage('super-resolution', async () => {
    const large: Image[] = [];
    for (const { image } of images) {
      const answer = await services.superResolution.upscaleImage({ image, targetSize: size }, { signal });
      if (!answer.image) throw internal('super-resolution answered without an image');
      attempt.made(...answer.modelVersions);
      large.push(answer.image);
    }
    return large;
  });
}
