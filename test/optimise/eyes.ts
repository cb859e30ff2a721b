/** What is made of a drawn picture, by models that share nothing with the one that drew it. */
import type { Bundle } from '@atelier/models';
import type { Attributes } from '@atelier/scenes';
import { cosine, openAttributeReader, openDualEncoder, openTextReader } from '@atelier/vision-language';
import { fieldOf } from '../bench/starter/fields.ts';
import { openJudge } from '../bench/starter/judge.ts';
import type { Prompt } from './prompts.ts';

/** Captions a picture is told from: its own and 99 others, as CLIP R-precision has it (Park et al. 2021). */
export const CHOICES = 100;
/** Weight that makes a cosine a CLIPScore (Hessel et al. 2021, equation 1). */
const CLIP_WEIGHT = 2.5;

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
      const verdicts: Verdict[] = [];
      for (const [i, { stated }] of prompts.entries()) {
        const rgb = pictures[i] as Uint8Array;
        const { embedding } = await dual.embedPicture(rgb);
        const { seen, features } = await judge.judge(rgb);
        const own = cosine(embedding, captions[i] as Float32Array);
        const rivals = rivalsOf(i, captions.length).map((j) =>
          cosine(embedding, captions[j] as Float32Array),
        );
        verdicts.push({
          rPrecision: rivals.every((rival) => rival < own) ? 1 : 0,
          clipScore: CLIP_WEIGHT * Math.max(0, own),
          attributes: shareSeen(stated, seen),
          features,
        });
      }
      return verdicts;
    },
    people: async (picture) => (await (portraits ? portraits.read(picture) : judge.judge(picture))).seen,
    async close() {
      await Promise.all([reader.close(), dual.close(), judge.close(), portraits?.close()]);
    },
  };
}

/** Places of the captions that follow, round and round. */
function rivalsOf(place: number, count: number): number[] {
  return Array.from({ length: Math.min(CHOICES, count) - 1 }, (_, i) => (place + 1 + i) % count);
}

function shareSeen(stated: Attributes, seen: Attributes): number {
  const counted = Object.entries(stated).filter(([key, value]) => fieldOf(key, value) !== undefined);
  return counted.filter(([key, value]) => seen[key] === value).length / counted.length;
}
