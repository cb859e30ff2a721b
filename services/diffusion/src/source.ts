import type { SeededNoise } from '@atelier/inference';
import type { Level } from './prediction.ts';

/** A picture as samples are: in pixel space itself, else the Gaussian that a VAE encodes it as. */
export interface EncodedPicture {
  /** channels × height × width. */
  readonly mean: Float32Array;
  /** Standard deviation of each element; absent where there is none. */
  readonly deviation?: Float32Array;
}

/** What a picture is begun from in place of pure noise. */
export interface Source {
  readonly picture: EncodedPicture;
  /** Share of the noise it gets, above 0 to 1. */
  readonly strength: number;
  /** Of each place of the sample: 1 is drawn anew, 0 stays. height × width; absent: everything is drawn anew. */
  readonly mask?: Uint8Array;
  /** Entry of the plan to begin with. */
  readonly first: number;
}

/** A picture in the making that goes back to its source where the mask says so (Avrahami et al. 2022, algorithm 1). */
export class SourceBlend {
  readonly #picture: Float32Array;
  readonly #noise: Float32Array;
  readonly #mask: Uint8Array | undefined;

  /** Draws from `noise` as diffusers does: the latent first, if it is a Gaussian, then the noise on it. */
  constructor({ picture: { mean, deviation }, mask }: Source, noise: SeededNoise) {
    this.#picture = mean;
    if (deviation) {
      const fresh = noise.normal(mean.length);
      this.#picture = mean.map((value, i) => value + (deviation[i] as number) * (fresh[i] as number));
    }
    this.#noise = noise.normal(mean.length);
    this.#mask = mask;
  }

  /** The noise on the source. */
  get noise(): Float32Array {
    return this.#noise;
  }

  /** Writes the source at a noise level (Meng et al. 2022, equation 4). */
  begin(sample: Float32Array, level: Level): void {
    for (let i = 0; i < sample.length; i++) sample[i] = this.#at(i, level);
  }

  /** Puts the source at a noise level, or as it is, back where the mask keeps it. */
  restore(sample: Float32Array, level?: Level): void {
    const mask = this.#mask;
    if (!mask) return;
    for (let i = 0; i < sample.length; i++) {
      if (mask[i % mask.length] === 0) sample[i] = level ? this.#at(i, level) : (this.#picture[i] as number);
    }
  }

  #at(i: number, { signal, noise }: Level): number {
    return signal * (this.#picture[i] as number) + noise * (this.#noise[i] as number);
  }
}

/**
 * A mask for a sample: what stands at the first pixel of each place, as nearest-neighbour scaling has it.
 * @param mask pixels of the picture, 1 to draw anew, `width` × scale a row.
 */
export function maskOfSample(
  mask: Uint8Array,
  { height, width, scale }: { readonly height: number; readonly width: number; readonly scale: number },
): Uint8Array {
  return Uint8Array.from({ length: height * width }, (_, i) => {
    const row = Math.floor(i / width) * scale;
    return mask[row * width * scale + (i % width) * scale] as number;
  });
}
