const { fround } = Math;

/**
 * The guidance scale as networks that were distilled with it are told it (Luo et al. 2023, section 4.2; as diffusers'
 * `get_guidance_scale_embedding`): sines and cosines of 1000 (w − 1), at frequencies falling from 1 to 1/10,000.
 * @param dim width, ≥ 4; an odd one ends with a zero.
 */
export function embedGuidance(scale: number, dim: number): Float32Array<ArrayBuffer> {
  const half = Math.floor(dim / 2);
  const embedded = new Float32Array(dim);
  const fall = fround(fround(Math.log(10_000)) / (half - 1));
  for (let i = 0; i < half; i++) {
    // Rounded where PyTorch rounds: the angles are thousands, so float32's last digit shows.
    const angle = fround(fround((scale - 1) * 1000) * fround(Math.exp(fround(i * -fall))));
    embedded[i] = Math.sin(angle);
    embedded[half + i] = Math.cos(angle);
  }
  return embedded;
}
