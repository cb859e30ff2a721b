import { linspace } from './schedule.ts';
import type { TimestepSpacing } from './scheduler-config.ts';

/**
 * The training timesteps that `steps` sampling steps visit, first (noisiest) to last, as diffusers spaces them
 * (Lin et al. 2023, table 2).
 * @param steps 1..num_train_timesteps; beyond it RangeError.
 */
export function spacedTimesteps(config: TimestepSpacing, steps: number): number[] {
  return evenly(config, steps).map(roundHalfEven);
}

/** As `spacedTimesteps`, but those of `linspace` aren't rounded to whole timesteps; float32. */
export function fractionalTimesteps(config: TimestepSpacing, steps: number): number[] {
  return evenly(config, steps).map(Math.fround);
}

function evenly(config: TimestepSpacing, steps: number): number[] {
  const total = config.num_train_timesteps;
  checkSteps(steps, total);
  switch (config.timestep_spacing) {
    case 'leading':
      return leading(Math.floor(total / steps), steps, config);
    case 'trailing':
      return trailing(total, total, steps);
    case 'linspace':
      return [...linspace(0, total - 1, steps)].reverse();
  }
}

/**
 * The timesteps of the multistep solvers, which divide the way into one part more and leave out the last end
 * (diffusers' DPMSolverMultistepScheduler).
 * @param last one above the noisiest timestep to visit, 1..num_train_timesteps.
 */
export function multistepTimesteps(config: TimestepSpacing, steps: number, last: number): number[] {
  const total = config.num_train_timesteps;
  checkSteps(steps, total);
  switch (config.timestep_spacing) {
    case 'leading':
      return leading(Math.floor(last / (steps + 1)), steps + 1, config).slice(0, -1);
    case 'trailing':
      return trailing(total, last, steps);
    case 'linspace':
      return [...linspace(0, last - 1, steps + 1)].map(roundHalfEven).reverse().slice(0, -1);
  }
}

/** Multiples of a stride, plus the offset, which must not lead beyond the training range. */
function leading(stride: number, count: number, config: TimestepSpacing): number[] {
  const noisiest = config.num_train_timesteps - 1;
  return Array.from({ length: count }, (_, i) =>
    Math.min((count - 1 - i) * stride + config.steps_offset, noisiest),
  );
}

/** Downwards from `last` in parts of total / steps, summed as NumPy's `arange` does: it decides how halves round. */
function trailing(total: number, last: number, steps: number): number[] {
  const stride = last - total / steps - last;
  const timesteps = Array.from({ length: steps }, (_, i) => roundHalfEven(last + i * stride) - 1);
  return timesteps.filter((timestep) => timestep >= 0);
}

function checkSteps(steps: number, total: number): void {
  if (!Number.isInteger(steps) || steps < 1 || steps > total) {
    throw new RangeError(
      `A model trained with ${total} timesteps samples in 1 to ${total} steps, not ${steps}`,
    );
  }
}

/** Rounds as NumPy does: halves to the even neighbour. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
