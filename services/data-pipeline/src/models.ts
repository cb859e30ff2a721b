/** The bundle's models that judge, write and embed captions. They know the bundle's world; the run says whether that is the input's. */
import { type Bundle, loadVocabulary, openBundle, VOCABULARY_ROLE } from '@atelier/models';
import {
  type Captioner,
  cosine,
  type DualEncoder,
  openCaptioner,
  openDualEncoder,
  openQualityScorer,
  openTextReader,
  type PictureEmbedding,
  type QualityScorer,
  type TextReader,
} from '@atelier/vision-language';
import type { RunOptions } from './run.ts';

export interface Models {
  /** Null when captions are not to be judged, or the bundle has no `dual_encoder`. */
  dual: DualEncoder | null;
  captioner: Captioner | null;
  /** Null when the bundle does not know the pictures, or has no `quality`. */
  quality: QualityScorer | null;
  reader: TextReader;
  /** Words of a caption that the text encoder never saw: such a caption can't be judged. */
  unknownWords(text: string): string[];
  close(): Promise<void>;
}

/** Roles that curation uses, of those that the bundle has. */
export const MODEL_ROLES = ['text_encoder', VOCABULARY_ROLE, 'dual_encoder', 'captioner', 'quality'] as const;

/** The models of a run; null when it names no bundle. @throws BundleError or InferenceError. */
export async function openModels({
  bundle: path,
  relevance,
}: Pick<RunOptions, 'bundle' | 'relevance'>): Promise<Models | null> {
  if (path === '') return null;
  const bundle = await openBundle(path, { roles: ['text_encoder'] });
  const wanted = MODEL_ROLES.filter((role) => bundle.has(role));
  await openBundle(path, { roles: wanted });
  const reader = await openTextReader(bundle);
  const dual = relevance && bundle.has('dual_encoder') ? await openDualEncoder(bundle) : null;
  const captioner = dual && bundle.has('captioner') ? await openCaptioner(bundle) : null;
  const quality = relevance && bundle.has('quality') ? await openQualityScorer(bundle) : null;
  const unknownWords = await unknownWordsOf(bundle);
  return {
    dual,
    captioner,
    quality,
    reader,
    unknownWords,
    async close() {
      await Promise.all([reader.close(), dual?.close(), captioner?.close(), quality?.close()]);
    },
  };
}

async function unknownWordsOf(bundle: Bundle): Promise<(text: string) => string[]> {
  if (!bundle.has(VOCABULARY_ROLE)) return () => [];
  const vocabulary = await loadVocabulary(bundle.file(VOCABULARY_ROLE, 'words'));
  return (text) => vocabulary.unknownConcepts(text);
}

/** How well a caption fits a picture, cosine; null for a caption with words that the models never saw. */
export async function relevanceOf(
  { dual, reader, unknownWords }: Models,
  { embedding }: PictureEmbedding,
  text: string,
): Promise<number | null> {
  if (!dual || unknownWords(text).length > 0) return null;
  return cosine(embedding, await dual.embedText(await reader.read(text)));
}
