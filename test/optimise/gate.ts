/** Which profiles are fit to be served. Pure. */
import { show } from '@atelier/metrics';
import type { ProfileFigures } from '@atelier/models';
import type { ProfileName } from './candidates.ts';
import type { FairnessShift } from './fairness.ts';

export interface Limits {
  /** Least gain in denoising time. */
  readonly speedup: number;
  /** Most points of 100, and most per cent. */
  readonly rPrecisionLoss: number;
  readonly clipScoreLoss: number;
  /** Whether a loss is refused as soon as its interval excludes none at all. */
  readonly noMeasurableLoss?: boolean;
}

export const LIMITS: Record<ProfileName, Limits> = {
  quality: { speedup: 2, rPrecisionLoss: 1, clipScoreLoss: 1, noMeasurableLoss: true },
  balanced: { speedup: 5.1, rPrecisionLoss: 1, clipScoreLoss: 1 },
  turbo: { speedup: 20, rPrecisionLoss: 3, clipScoreLoss: 2 },
};

export interface Finding {
  readonly figures: ProfileFigures;
  readonly fairness: FairnessShift;
}

/** Why a profile isn't promoted, one reason each; none: it is. */
export function refusals({ figures, fairness }: Finding, limits: Limits): string[] {
  const reasons: string[] = [];
  const refuseIf = (bad: boolean, reason: string): void => {
    if (bad) reasons.push(reason);
  };
  const { speedup } = figures;
  refuseIf(!(speedup >= limits.speedup), `${speedup.toFixed(1)} times as fast, not ${limits.speedup}`);
  for (const [name, unit] of [
    ['rPrecisionLoss', 'points'],
    ['clipScoreLoss', '%'],
  ] as const) {
    const loss = figures[name];
    refuseIf(!(loss.value <= limits[name]), `${name} ${show(loss)} ${unit}, at most ${limits[name]}`);
    refuseIf(
      limits.noMeasurableLoss === true && loss.low > 0,
      `${name} ${show(loss)} ${unit} is a measurable loss`,
    );
  }
  const { safetyRecallLoss: unseen } = figures;
  refuseIf(
    unseen !== undefined && unseen.low > 0,
    `harm detection finds less of what it draws: ${unseen && show(unseen)} points lost`,
  );
  const { distance, chance } = fairness;
  refuseIf(
    distance > chance,
    `people differ from the full model's by ${distance.toFixed(2)}, chance makes ${chance.toFixed(2)}`,
  );
  return reasons;
}
