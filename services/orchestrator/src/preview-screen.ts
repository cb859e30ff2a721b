/** Previews are pictures: none leaves before harm-detection has passed it. */
import { create, type Image, ImageFormat, ImageSchema } from '@atelier/contracts';
import type { Attempt } from './attempt.ts';
import type { Services } from './clients.ts';
import { encodePng } from './png.ts';

/**
 * Judges previews one at a time beside the drawing, which never waits for it: a preview that comes while another is
 * judged is dropped, and so is one that nobody watches for, that is objected to or can't be judged. The finished picture is
 * judged on its own.
 */
export class PreviewScreen {
  readonly #attempt: Attempt;
  readonly #services: Services;
  readonly #signal: AbortSignal;
  #busy = false;

  constructor(attempt: Attempt, services: Services, signal: AbortSignal) {
    this.#attempt = attempt;
    this.#services = services;
    this.#signal = signal;
  }

  /** Publish `image` (RGB8) as the preview of step `step`, if it passes and there is time. */
  offer(imageIndex: number, step: number, image: Image): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#screen(imageIndex, step, image)
      .catch(() => undefined)
      .finally(() => {
        this.#busy = false;
      });
  }

  async #screen(imageIndex: number, step: number, image: Image): Promise<void> {
    if (!(await this.#attempt.wantsPreviews())) return;
    const { width, height } = image;
    const signal = this.#signal;
    const { verdict } = await this.#services.harmDetection.classifyImage({ image }, { signal });
    if (!verdict?.allowed) return;
    const data = await encodePng(image, {});
    if (signal.aborted) return;
    this.#attempt.preview(
      imageIndex,
      step,
      create(ImageSchema, { width, height, format: ImageFormat.PNG, data }),
    );
  }
}
