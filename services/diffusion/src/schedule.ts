import type { SchedulerConfig } from './scheduler-config.ts';

/** ᾱ_t, the share of signal left at each training timestep, decreasing from t = 0. In [0, 1]. */
export function alphasCumulative(config: SchedulerConfig): Float64Array {
  const alphas = cumulativeProduct(betas(config).map((beta) => 1 - beta));
  return config.rescale_betas_zero_snr ? zeroTerminalSnr(alphas) : alphas;
}

function betas(config: SchedulerConfig): Float64Array {
  const { num_train_timesteps: count, beta_start: start, beta_end: end } = config;
  switch (config.beta_schedule) {
    case 'linear':
      return linspace(start, end, count);
    case 'scaled_linear':
      return linspace(Math.sqrt(start), Math.sqrt(end), count).map((root) => root * root);
    case 'squaredcos_cap_v2':
      return Float64Array.from({ length: count }, (_, i) =>
        Math.min(1 - cosineAlpha((i + 1) / count) / cosineAlpha(i / count), 0.999),
      );
  }
}

/** ᾱ(t) for t in 0..1 of the cosine schedule (Nichol & Dhariwal 2021, eq. 17). */
function cosineAlpha(t: number): number {
  return Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
}

/** Shifts and scales √ᾱ so that the last is 0 and the first stays (Lin et al. 2023, algorithm 1). */
function zeroTerminalSnr(alphas: Float64Array): Float64Array {
  const roots = alphas.map(Math.sqrt);
  const first = roots[0] as number;
  const last = roots.at(-1) as number;
  return roots.map((root) => (((root - last) * first) / (first - last)) ** 2);
}

function cumulativeProduct(factors: Float64Array): Float64Array {
  let product = 1;
  return factors.map((factor) => {
    product *= factor;
    return product;
  });
}

/** `count` numbers from `start` to `end`, both included. */
export function linspace(start: number, end: number, count: number): Float64Array {
  const width = count > 1 ? (end - start) / (count - 1) : 0;
  return Float64Array.from({ length: count }, (_, i) => start + i * width);
}
