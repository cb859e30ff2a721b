/** Stage 7: from the base model's size to the one that was asked for. */
import { internal } from '@atelier/rpc';
import type { Attempt } from '../attempt.ts';
import type { Services } from '../clients.ts';
import type { JudgedImage } from './harm-detection.ts';
import { isCascaded, resampled } from './resample.ts';

/**
 * The pictures at `size` pixels on their longer side: enlarged by networks where these lead there, resampled otherwise (a
 * bundle may draw pictures of any size); as they are when that is what they have. One at a time: each fills the CPU.
 */
export async function upscaleImages(
  attempt: Attempt,
  services: Services,
  images: readonly JudgedImage[],
): Promise<readonly JudgedImage[]> {
  const { size } = attempt.generation;
  if (!images.some(({ image }) => isCascaded(image, size))) {
    return await Promise.all(
      images.map(async (one) => ({ ...one, image: await resampled(one.image, size) })),
    );
  }
  return await attempt.stage('super-resolution', async () => {
    const { signal } = attempt;
    const large: JudgedImage[] = [];
    for (const small of images) {
      const request = { image: small.image, targetSize: size };
      const answer = await services.superResolution.upscaleImage(request, { signal });
      if (!answer.image) throw internal('super-resolution answered without an image');
      attempt.made(...answer.modelVersions);
      large.push({ ...small, image: answer.image });
    }
    return large;
  });
}
