import type { BetaSchedule } from './scheduler-config.ts';

const { fround } = Math;
/** What ᾱ = 0 is replaced by where σ must be finite, as diffusers does: float16's least number. */
export const LEAST_ALPHA = 2 ** -24;

/** By schedule: a model has one or two, and a request that is refused mustn't cost a thousand cosines. */
const known = new Map<string, Float64Array>();
const MOST_KNOWN = 16;

/**
 * ᾱ_t, the share of signal left at each training timestep, decreasing from t = 0. In [0, 1]. Rounded to float32 where
 * PyTorch rounds: near ᾱ = 0, a schedule's last digits decide how much noise a picture starts from. The caller's own copy.
 */
export function alphasCumulative(config: BetaSchedule): Float64Array {
  const { beta_schedule, beta_start, beta_end, num_train_timesteps, rescale_betas_zero_snr } = config;
  const key = [beta_schedule, beta_start, beta_end, num_train_timesteps, rescale_betas_zero_snr].join();
  let alphas = known.get(key);
  if (!alphas) {
    if (known.size >= MOST_KNOWN) known.clear();
    alphas = cumulativeProduct(betas(config));
    if (rescale_betas_zero_snr) alphas = zeroTerminalSnr(alphas);
    known.set(key, alphas);
  }
  return alphas.slice();
}

/** σ_t = √((1 − ᾱ_t) / ᾱ_t), noise over signal at each training timestep, increasing and finite (Karras et al. 2022). */
export function trainingSigmas(config: BetaSchedule): Float64Array {
  const alphas = alphasCumulative(config);
  if (config.rescale_betas_zero_snr) alphas[alphas.length - 1] = LEAST_ALPHA;
  return alphas.map((alpha) => fround(Math.sqrt(fround(fround(1 - alpha) / alpha))));
}

function betas(config: BetaSchedule): Float64Array {
  const { num_train_timesteps: count, beta_start: start, beta_end: end } = config;
  switch (config.beta_schedule) {
    case 'linear':
      return linspace(start, end, count).map(fround);
    case 'scaled_linear':
      return linspace(Math.sqrt(start), Math.sqrt(end), count).map((root) => fround(fround(root) ** 2));
    case 'squaredcos_cap_v2':
      return Float64Array.from({ length: count }, (_, i) =>
        fround(Math.min(1 - cosineAlpha((i + 1) / count) / cosineAlpha(i / count), 0.999)),
      );
  }
}

/** ᾱ(t) for t in 0..1 of the cosine schedule (Nichol & Dhariwal 2021, eq. 17). */
function cosineAlpha(t: number): number {
  return Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
}

/** Shifts and scales √ᾱ so that the last is 0 and the first stays (Lin et al. 2023, algorithm 1). */
function zeroTerminalSnr(alphas: Float64Array): Float64Array {
  const roots = alphas.map((alpha) => fround(Math.sqrt(alpha)));
  const first = roots[0] as number;
  const last = roots.at(-1) as number;
  const scale = fround(first / fround(first - last));
  const rescaled = roots.map((root) => fround(fround(fround(root - last) * scale) ** 2));
  return cumulativeProduct(
    rescaled.map((alpha, i) => fround(1 - fround(i === 0 ? alpha : alpha / (rescaled[i - 1] as number)))),
  );
}

/** ᾱ_t = Π (1 − β). */
function cumulativeProduct(betas: Float64Array): Float64Array {
  let product = 1;
  return betas.map((beta) => {
    product *= fround(1 - beta);
    return fround(product);
  });
}

/** `count` numbers from `start` to `end`, both included. */
export function linspace(start: number, end: number, count: number): Float64Array {
  const width = count > 1 ? (end - start) / (count - 1) : 0;
  return Float64Array.from({ length: count }, (_, i) => start + i * width);
}
