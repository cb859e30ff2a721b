/** Stages 6 and 7 side by side: neither needs the other's answer, and together they fill the machine. */
import type { Attempt } from '../attempt.ts';
import type { Services } from '../clients.ts';
import type { BaseImage } from './diffusion.ts';
import { type JudgedImage, screenImages } from './harm-detection.ts';
import { upscaleImages } from './super-resolution.ts';

/**
 * The pictures at the size asked for, once every one of them has passed: nothing of them is stored, told or given away before. An
 * objection, or no verdict, ends the enlarging and is what is thrown, whatever became of the other.
 */
export async function judgeAndEnlarge(
  attempt: Attempt,
  services: Services,
  drawn: readonly BaseImage[],
): Promise<JudgedImage[]> {
  const failure = new AbortController();
  const judging = screenImages(attempt, services, drawn);
  const enlarging = upscaleImages(
    attempt,
    services,
    drawn,
    AbortSignal.any([attempt.signal, failure.signal]),
  );
  const settled = enlarging.catch(() => undefined);
  try {
    const judged = await judging;
    const images = await enlarging;
    return judged.map((one, index) => ({ ...one, image: images[index] ?? one.image }));
  } catch (error) {
    failure.abort();
    // Whatever still happens is over before the generation's end is written.
    await settled;
    throw error;
  }
}
