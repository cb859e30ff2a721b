/** How well a picture fits its caption, by embeddings of a dual encoder. */

/** Weight that makes a cosine a CLIPScore (Hessel et al. 2021, equation 1). */
const CLIP_WEIGHT = 2.5;

/** Captions that a picture is told from, its own included (Park et al. 2021). */
export const CHOICES = 100;

/** Cosine of two vectors of any length but 0. */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  let [product, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    product += x * y;
    aa += x * x;
    bb += y * y;
  }
  return product / Math.sqrt(aa * bb);
}

/** CLIPScore, 0..2.5. */
export const clipScore = (picture: Float32Array, caption: Float32Array): number =>
  CLIP_WEIGHT * Math.max(0, cosineSimilarity(picture, caption));

/**
 * For each picture 1 when its own caption is the nearest of {@link CHOICES} captions (or all, where there are fewer): its own and
 * those that follow it, round and round; else 0. Equal captions don't compete.
 */
export function rPrecision(pictures: readonly Float32Array[], captions: readonly Float32Array[]): number[] {
  const count = captions.length;
  return pictures.map((picture, i) => {
    const caption = captions[i] as Float32Array;
    const own = cosineSimilarity(picture, caption);
    for (let step = 1; step < Math.min(CHOICES, count); step++) {
      const rival = captions[(i + step) % count] as Float32Array;
      if (!equal(rival, caption) && cosineSimilarity(picture, rival) >= own) return 0;
    }
    return 1;
  });
}

const equal = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => value === b[i]);
