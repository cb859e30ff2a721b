/** What is tried for each profile, in order, until one passes its gate. */
import type { Profile } from '@atelier/models';

export const PROFILES = ['quality', 'balanced', 'turbo'] as const;
export type ProfileName = (typeof PROFILES)[number];

/**
 * σ above which guidance only harms: there a network sees noise alone, and its two answers differ by the average pictures
 * of both prompts (Kynkäänniemi et al. 2024 find the same).
 */
const HIGH = 5;
/** σ below which shapes and colours are settled. */
const LOW = 1;

/** @param guidance the model's own scale. */
export function candidates(guidance: number): Record<ProfileName, readonly Profile[]> {
  const ddim = (steps: number, low: number): Profile => ({
    sampler: 'ddim',
    steps,
    guidance,
    guidanceInterval: { low, high: HIGH },
    timestepSpacing: 'trailing',
  });
  // Where a prior tells the network everything, guidance has little left to decide: a step then costs one run, not two.
  const unguided = (steps: number): Profile => ({
    sampler: 'ddim',
    steps,
    guidance: 1,
    timestepSpacing: 'trailing',
  });
  return {
    quality: [ddim(24, 0), unguided(24), { ...ddim(25, 0), guidanceInterval: { low: 0 } }],
    balanced: [ddim(8, 0), unguided(10), ddim(10, LOW)],
    turbo: [unguided(3), unguided(4), ddim(2, 0)],
  };
}
