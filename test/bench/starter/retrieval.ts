/** How well the bundle's dual encoder finds the picture of a caption, and whether it looks closely. */
import type { Bundle } from '@atelier/models';
import { composeScene, createRandom, renderRgb } from '@atelier/scenes';
import {
  cosine,
  type DualEncoder,
  openDualEncoder,
  openTextReader,
  type TextReader,
} from '@atelier/vision-language';
import { wrongCaption } from './wrong-caption.ts';

/** Held out, and none of the seeds that other figures use. */
const FIRST_SEED = 30_000;
/** Pictures that a caption chooses among. */
const CHOICES = 100;
/** Sets of renders; one set is also drawn by the generator. */
const SETS = 5;

export interface RetrievalScene {
  seed: number;
  /** The caption that states most. */
  text: string;
}

/** Sets of scenes of which no two are told alike: within a set, no caption states what another states. */
export function retrievalSets(): RetrievalScene[][] {
  const sets: RetrievalScene[][] = [];
  let seed = FIRST_SEED;
  while (sets.length < SETS) {
    const set = new Map<string, RetrievalScene>();
    for (; set.size < CHOICES; seed++) {
      const { captions, attributes } = composeScene(seed);
      const { text, states } = captions.reduce((a, b) => (b.states.length > a.states.length ? b : a));
      const facts = JSON.stringify([...states].sort().map((key) => [key, attributes[key]]));
      if (!set.has(facts)) set.set(facts, { seed, text });
    }
    sets.push([...set.values()]);
  }
  return sets;
}

export interface Retrieval {
  retrievalReal: number;
  retrievalGenerated: number;
  hardNegatives: number;
}

/** Rates 0..1; nothing for a bundle without `dual_encoder`. @param draw generates 64×64 pictures, interleaved bytes. */
export async function measureRetrieval(
  bundle: Bundle,
  draw: (prompts: readonly RetrievalScene[]) => Promise<readonly Uint8Array[]>,
): Promise<Retrieval | Record<string, never>> {
  if (!bundle.has('dual_encoder')) return {};
  const [reader, dual] = await Promise.all([openTextReader(bundle), openDualEncoder(bundle)]);
  try {
    const sets = retrievalSets();
    const real: number[] = [];
    const noticed: boolean[] = [];
    for (const scenes of sets) {
      const pictures: Uint8Array[] = [];
      for (const { seed } of scenes) pictures.push(await renderRgb(composeScene(seed), 64));
      const images = await embedPictures(dual, pictures);
      const texts = await embedTexts(reader, dual, scenes);
      real.push(recallAt1(texts, images));
      for (const [i, { seed, text }] of scenes.entries()) {
        const wrong = wrongCaption(text, createRandom(`wrong/${seed}`));
        if (wrong === null) continue;
        const rival = await dual.embedText(await reader.read(wrong));
        const image = images[i] as Float32Array;
        noticed.push(cosine(image, texts[i] as Float32Array) > cosine(image, rival));
      }
    }
    const [drawn] = sets as [RetrievalScene[]];
    const generated = await embedPictures(dual, await draw(drawn));
    return {
      retrievalReal: real.reduce((sum, rate) => sum + rate, 0) / real.length,
      retrievalGenerated: recallAt1(await embedTexts(reader, dual, drawn), generated),
      hardNegatives: noticed.filter(Boolean).length / noticed.length,
    };
  } finally {
    await Promise.all([reader.close(), dual.close()]);
  }
}

/** Share of texts whose nearest picture is their own. */
export function recallAt1(texts: readonly Float32Array[], images: readonly Float32Array[]): number {
  const hits = texts.filter((text, i) => {
    const cosines = images.map((image) => cosine(text, image));
    return cosines.indexOf(Math.max(...cosines)) === i;
  });
  return hits.length / texts.length;
}

async function embedPictures(dual: DualEncoder, pictures: readonly Uint8Array[]): Promise<Float32Array[]> {
  const embeddings: Float32Array[] = [];
  for (const rgb of pictures) embeddings.push((await dual.embedPicture(rgb)).embedding);
  return embeddings;
}

async function embedTexts(
  reader: TextReader,
  dual: DualEncoder,
  scenes: readonly RetrievalScene[],
): Promise<Float32Array[]> {
  const embeddings: Float32Array[] = [];
  for (const { text } of scenes) embeddings.push(await dual.embedText(await reader.read(text)));
  return embeddings;
}
