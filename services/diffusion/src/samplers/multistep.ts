import { type Level, predictPicture, preservingLevelOfSigma } from '../prediction.ts';
import { trainingSigmas } from '../schedule.ts';
import { type SamplerSettings, type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { karrasSigmas, lastSigma, type SigmaSchedule, sigmaAt, timestepOf } from '../sigmas.ts';
import { limitPicture } from '../threshold.ts';
import { multistepTimesteps, roundHalfEven } from '../timesteps.ts';
import type { SamplerName } from './names.ts';
import type { SamplerPlan } from './sampler.ts';

/** A step of a multistep solver. */
export interface Stride {
  readonly from: Level;
  readonly to: Level;
  /** h = λ_to − λ_from, λ being log(signal / noise); Infinity for the last step to σ = 0. */
  readonly width: number;
  /** Second-order terms of Heun's kind in place of the midpoint's. */
  readonly heun: boolean;
}

/** x_to = sample · x_from + picture · x₀ + change · D₁ + fresh · z, D₁ being x₀'s change extrapolated over the step. */
export interface StrideWeights {
  readonly sample: number;
  readonly picture: number;
  readonly change: number;
  readonly fresh: number;
}

/** DPM-Solver++ steps, of the second order where an earlier prediction allows (Lu et al. 2022b, algorithm 2). */
export function multistepPlan(
  config: SchedulerConfig,
  sampler: SamplerName,
  steps: number,
  weigh: (stride: Stride) => StrideWeights,
): SamplerPlan {
  const settings = samplerSettings(config, sampler);
  const { timesteps, sigmas } = multistepSchedule(settings, steps);
  const levels = sigmas.map(preservingLevelOfSigma);
  const lambdas = levels.map(({ signal, noise }) => Math.log(signal) - Math.log(noise));
  const lastByEuler =
    settings.euler_at_final ||
    (settings.lower_order_final && timesteps.length < 15) ||
    settings.final_sigmas_type === 'zero';
  /** x₀ as predicted a step earlier. */
  let earlier: Float32Array | undefined;

  return {
    timesteps,
    levels,
    initialSigma: 1,
    inputScale: () => 1,
    step(index, sample, output, predicted, noise) {
      const from = levels[index]!;
      predictPicture(settings.prediction_type, from, sample, output, predicted);
      limitPicture(predicted, { ...settings, clip_sample: false });
      const [before, here, after] = [lambdas[index - 1], lambdas[index]!, lambdas[index + 1]!];
      const width = after - here;
      const weights = weigh({ from, to: levels[index + 1]!, width, heun: settings.solver_type === 'heun' });
      const fresh = sampler === 'sde_dpm_solver_pp_2m' ? noise(sample.length) : undefined;
      const byEuler = settings.solver_order === 1 || (index === timesteps.length - 1 && lastByEuler);
      const known = byEuler ? undefined : earlier;
      const change = known && before !== undefined ? (weights.change * width) / (here - before) : 0;
      for (let i = 0; i < sample.length; i++) {
        const x0 = predicted[i] as number;
        sample[i] =
          weights.sample * (sample[i] as number) +
          weights.picture * x0 +
          (known ? change * (x0 - (known[i] as number)) : 0) +
          (fresh ? weights.fresh * (fresh[i] as number) : 0);
      }
      earlier = predicted.slice();
    },
  };
}

function multistepSchedule(settings: SamplerSettings, steps: number): SigmaSchedule {
  const training = trainingSigmas(settings);
  const least = settings.lambda_min_clipped;
  const last = training.findLastIndex((sigma) => -Math.log(sigma) >= least) + 1;
  const spaced = multistepTimesteps(settings, steps, last);
  const end = lastSigma(settings, training);
  if (!settings.use_karras_sigmas) {
    const sigmas = spaced.map((timestep) => sigmaAt(training, timestep));
    return { timesteps: spaced, sigmas: [...sigmas, end].map(Math.fround) };
  }
  const karras = karrasSigmas(
    settings.sigma_max ?? (training.at(-1) as number),
    settings.sigma_min ?? (training[0] as number),
    steps,
  );
  // diffusers tells the network whole timesteps, but rounds them for some schedules and cuts them for the cosine one.
  const whole = settings.beta_schedule === 'squaredcos_cap_v2' ? Math.trunc : roundHalfEven;
  return {
    timesteps: karras.map((sigma) => whole(timestepOf(training, sigma))),
    sigmas: [...karras, end].map(Math.fround),
  };
}
