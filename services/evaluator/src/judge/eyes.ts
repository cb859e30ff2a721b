/** What is seen in a picture, by models that take no part in drawing and are the same for every candidate. */
import type { Bundle } from '@atelier/models';
import type { Attributes } from '@atelier/scenes';
import { openDualEncoder, openJudge, openTextReader, PICTURE_SIDE } from '@atelier/vision-language';
import { type Extractor, resized, type Seen, worldClasses } from './extractor.ts';

/** One picture as the models see it. */
export interface Look extends Seen {
  /** Of the dual encoder, to hold against captions and other pictures. */
  readonly embedding: Float32Array;
  /** What the judge tells of the starter's world in it. */
  readonly attributes: Attributes;
}

export interface Eyes {
  /** For the report: what features come from. */
  readonly features: string;
  look(png: Buffer): Promise<Look>;
  /** Embedding of a caption. */
  read(text: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads `judge`, `dual_encoder` and `text_encoder` of a bundle. @param extractor sees the features instead of the judge; closed
 * with the eyes.
 */
export async function openEyes(bundle: Bundle, extractor?: Extractor): Promise<Eyes> {
  const options = { threads: 1 };
  const [reader, dual, judge] = await Promise.all([
    openTextReader(bundle, options),
    openDualEncoder(bundle, options),
    openJudge(bundle),
  ]);
  const captions = new Map<string, Float32Array>();
  return {
    features: extractor?.name ?? `${bundle.name}/judge (${judge.sha256.slice(0, 12)})`,
    async look(png) {
      const rgb = await resized(png, PICTURE_SIDE);
      const { embedding } = await dual.embedPicture(rgb);
      const judgement = await judge.judge(rgb);
      const seen = extractor
        ? await extractor.see(png)
        : { features: judgement.features, classes: worldClasses(judgement, judge.classes) };
      return { ...seen, embedding, attributes: judgement.seen };
    },
    async read(text) {
      const known = captions.get(text) ?? (await dual.embedText(await reader.read(text)));
      captions.set(text, known);
      return known;
    },
    async close() {
      await Promise.all([reader.close(), dual.close(), judge.close(), extractor?.close()]);
    },
  };
}
