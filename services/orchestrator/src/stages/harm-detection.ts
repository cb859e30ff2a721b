/** Stage 6: no pixel leaves before it was judged, and none that came is used. */
import { type Image, SafetySubject, type SafetyVerdict } from '@atelier/contracts';
import type { Images } from '@atelier/events';
import type { Attempt } from '../attempt.ts';
import { Blocked } from '../blocked.ts';
import type { Services } from '../clients.ts';
import { failClosed } from '../fail-closed.ts';
import { readInput } from '../input-pictures.ts';
import type { BaseImage } from './diffusion.ts';

/** A picture with the verdict that let it pass. */
export interface JudgedImage extends BaseImage {
  verdict: SafetyVerdict;
}

/** What a picture is begun from, RGB8; nothing without it. */
export interface Inputs {
  initImage?: Image;
  mask?: Image;
}

/**
 * Have the picture judged that the request wants to begin from, before anything is drawn of it. Throws Blocked, or
 * RpcError when there is no verdict. Nothing happens without such a picture.
 */
export async function screenInputs(attempt: Attempt, services: Services, images: Images): Promise<Inputs> {
  const { inputs } = attempt;
  if (!inputs.initImage) return {};
  const initImage = await readInput(images, inputs.initImage.uri);
  return await attempt.stage('harm-detection', async () => {
    const { signal } = attempt;
    const { verdict } = await failClosed(
      services.harmDetection.classifyImage({ image: initImage }, { signal }),
    );
    attempt.used(verdict?.modelVersion);
    if (!verdict?.allowed) {
      if (verdict) verdict.subject = SafetySubject.INIT_IMAGE;
      throw new Blocked(verdict);
    }
    return { initImage, ...(inputs.mask && { mask: await readInput(images, inputs.mask.uri) }) };
  });
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
