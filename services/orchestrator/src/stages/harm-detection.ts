/** Stage 6: no pixel leaves before it was judged. */
import type { SafetyVerdict } from '@atelier/contracts';
import type { Attempt } from '../attempt.ts';
import { Blocked } from '../blocked.ts';
import type { Services } from '../clients.ts';
import { failClosed } from '../fail-closed.ts';
import type { BaseImage } from './diffusion.ts';

/** A picture with the verdict that let it pass. */
export interface JudgedImage extends BaseImage {
  verdict: SafetyVerdict;
}

/** Have every picture judged. One that is objected to blocks the generation: Blocked with the first such verdict. */
export async function screenImages(
  attempt: Attempt,
  services: Services,
  images: readonly BaseImage[],
): Promise<JudgedImage[]> {
  return await attempt.stage('harm-detection', async () => {
    const { signal } = attempt;
    const judged = await Promise.all(
      images.map(async (image) => {
        const { verdict } = await failClosed(
          services.harmDetection.classifyImage({ image: image.image }, { signal }),
        );
        return { ...image, verdict };
      }),
    );
    return judged.map((image) => {
      const { verdict } = image;
      attempt.used(verdict?.modelVersion);
      if (!verdict?.allowed) throw new Blocked(verdict);
      return { ...image, verdict };
    });
  });
}
