/** Pictures drawn in few steps, and what the aesthetic scorer and the dual encoder think of them. */
import { clipScore } from '@atelier/metrics';
import type { Bundle } from '@atelier/models';
import { openDualEncoder, openQualityScorer, openTextReader } from '@atelier/vision-language';
import { openStudio } from './draw.ts';

/** Few steps, so that there can be many pictures: what differs by prompt is small beside what differs by seed. */
const PROFILE = 'turbo';

export interface Opinion {
  /** Of the aesthetic scorer, 0..1. */
  readonly aesthetic: number;
  /** CLIPScore to the words that were wanted, 0..2.5. */
  readonly clipScore: number;
}

export interface Critic {
  /** Draws `text` from the seed. @param wanted what the user wrote, whatever is drawn. */
  judge(text: string, seed: number, wanted: string): Promise<Opinion>;
  close(): Promise<void>;
}

/** Starts a diffusion service on the bundle, which must have the roles `quality` and `dual_encoder`. @param threads of the denoiser. */
export async function openCritic(bundle: Bundle, threads: number): Promise<Critic> {
  const options = { threads: 1 };
  const [studio, reader, dual, scorer] = await Promise.all([
    openStudio(bundle, threads),
    openTextReader(bundle, options),
    openDualEncoder(bundle, options),
    openQualityScorer(bundle, options),
  ]);
  return {
    async judge(text, seed, wanted) {
      const { rgb } = await studio.draw({ text, seed }, { profile: PROFILE });
      const { embedding } = await dual.embedPicture(rgb);
      const words = await dual.embedText(await reader.read(wanted));
      return { aesthetic: await scorer.score(rgb), clipScore: clipScore(embedding, words) };
    },
    async close() {
      await Promise.all([studio.close(), reader.close(), dual.close(), scorer.close()]);
    },
  };
}
