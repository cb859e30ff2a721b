import { linspace } from './schedule.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

/**
 * The training timesteps that `steps` sampling steps visit, first (noisiest) to last, as diffusers spaces them
 * (Lin et al. 2023, table 2).
 * @param steps 1..num_train_timesteps; beyond it RangeError.
 */
export function spacedTimesteps(config: SchedulerConfig, steps: number): number[] {
  const total = config.num_train_timesteps;
  if (!Number.isInteger(steps) || steps < 1 || steps > total) {
    throw new RangeError(
      `A model trained with ${total} timesteps samples in 1 to ${total} steps, not ${steps}`,
    );
  }
  const indices = Array.from({ length: steps }, (_, i) => i);
  switch (config.timestep_spacing) {
    case 'leading': {
      const stride = Math.floor(total / steps);
      return indices.map((i) => (steps - 1 - i) * stride + config.steps_offset);
    }
    case 'trailing': {
      const stride = total / steps;
      return indices.map((i) => roundHalfEven(total - i * stride) - 1);
    }
    case 'linspace':
      return [...linspace(0, total - 1, steps)].map(roundHalfEven).reverse();
  }
}

/** Rounds as NumPy does: halves to the even neighbour. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
