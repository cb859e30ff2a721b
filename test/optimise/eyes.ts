/** What is made of a drawn picture, by models that share nothing with the one that drew it. */
import { clipScore, rPrecision } from '@atelier/metrics';
import type { Bundle } from '@atelier/models';
import { type Attributes, type HeldOutPrompt as Prompt, shareSeen } from '@atelier/scenes';
import { openAttributeReader, openDualEncoder, openJudge, openTextReader } from '@atelier/vision-language';

/** One picture against its prompt. */
export interface Verdict {
  /** 1 when its own caption is nearest to it among the choices, else 0. */
  readonly rPrecision: number;
  /** 0..2.5. */
  readonly clipScore: number;
  /** Share of stated attributes that the judge sees, 0..1; NaN when none is of a kind that is counted. */
  readonly attributes: number;
  /** What Fréchet distances are computed on. */
  readonly features: Float32Array;
}

export interface Eyes {
  /** @param pictures one for each of the prompts, interleaved bytes of 64×64. */
  look(prompts: readonly Prompt[], pictures: readonly Uint8Array[]): Promise<Verdict[]>;
  /** What the portrait classifier (the judge, in a bundle without one) tells of a person in a picture. */
  people(picture: Uint8Array): Promise<Attributes>;
  close(): Promise<void>;
}

/** Loads the roles `judge`, `dual_encoder` and `text_encoder`, and `portrait_classifier` where there is one. */
export async function openEyes(bundle: Bundle): Promise<Eyes> {
  const options = { threads: 1 };
  const [reader, dual, judge, portraits] = await Promise.all([
    openTextReader(bundle, options),
    openDualEncoder(bundle, options),
    openJudge(bundle),
    bundle.has('portrait_classifier') ? openAttributeReader(bundle, 'portrait_classifier', options) : null,
  ]);
  const texts = new Map<string, Float32Array>();
  const embed = async (text: string): Promise<Float32Array> => {
    const known = texts.get(text) ?? (await dual.embedText(await reader.read(text)));
    texts.set(text, known);
    return known;
  };
  return {
    async look(prompts, pictures) {
      const captions: Float32Array[] = [];
      for (const { text } of prompts) captions.push(await embed(text));
      const verdicts: Omit<Verdict, 'rPrecision'>[] = [];
      const embeddings: Float32Array[] = [];
      for (const [i, { stated }] of prompts.entries()) {
        const rgb = pictures[i] as Uint8Array;
        const { embedding } = await dual.embedPicture(rgb);
        const { seen, features } = await judge.judge(rgb);
        embeddings.push(embedding);
        verdicts.push({
          clipScore: clipScore(embedding, captions[i] as Float32Array),
          attributes: shareSeen(stated, seen),
          features,
        });
      }
      const precision = rPrecision(embeddings, captions);
      return verdicts.map((verdict, i) => ({ ...verdict, rPrecision: precision[i] as number }));
    },
    people: async (picture) => (await (portraits ? portraits.read(picture) : judge.judge(picture))).seen,
    async close() {
      await Promise.all([reader.close(), dual.close(), judge.close(), portraits?.close()]);
    },
  };
}
