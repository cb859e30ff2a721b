/** A way to break a mesh, and what is left of it in numbers. */
import type { Figures } from './figures.ts';

export interface ScenarioOptions {
  /** About a tenth of the work: what `npm test` has time for. */
  short: boolean;
  /** Told what happens. */
  say: (line: string) => void;
}

export interface Scenario {
  name: string;
  promise: string;
  /** The figures, and what of the promise they break. */
  run: (options: ScenarioOptions) => Promise<{ figures: object; broken: string[] }>;
}

/** What every scenario promises. */
export function neverAllowed({ lost, duplicated, otherViolations }: Figures): string[] {
  return [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(duplicated > 0 ? [`${duplicated} duplicated`] : []),
    ...(otherViolations > 0 ? [`${otherViolations} other violations`] : []),
  ];
}
