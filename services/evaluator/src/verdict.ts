/** Whether a candidate is fit to be served: better somewhere for certain, and worse nowhere. Pure. */
import { bootstrap, type Estimate, show } from '@atelier/metrics';

/** A measured thing that two models are compared by, prompt by prompt. */
export interface Comparison {
  readonly name: string;
  /** Whether more of it is better. */
  readonly higherIsBetter: boolean;
  /** Loss in units of the metric that is accepted though measured, 0 or more. */
  readonly tolerance: number;
  /** Whether being better at it earns a promotion. */
  readonly quality: boolean;
  /** Both models' figures on the prompts at some places, repetitions included. */
  readonly statistic: (places: readonly number[]) => { candidate: number; production: number };
  /** Fewer for a statistic that takes long. */
  readonly resamples?: number;
}

export interface Compared extends Pick<Comparison, 'name' | 'higherIsBetter' | 'tolerance' | 'quality'> {
  readonly candidate: number;
  readonly production: number;
  /** Candidate less production, turned so that above 0 is better. Interval for all comparisons together. */
  readonly gain: Estimate;
  readonly finding: 'better' | 'worse' | 'no difference';
}

/** A figure that a model must reach whatever the other's is. */
export interface Threshold {
  readonly name: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export interface Verdict {
  readonly decision: 'promote' | 'refuse';
  /** Why it is refused, one each, "clipScore 0.90 < 0.95 …"; empty when it is promoted. */
  readonly reasons: readonly string[];
  /** Where it is better for certain. */
  readonly better: readonly string[];
}

/** Fewest prompts that a promotion can rest on. */
export const FEWEST_PROMPTS = 30;
/** Chance of one wrong finding among all comparisons. */
const FAMILY_ERROR = 0.02;

/**
 * Compares pair by pair. The intervals hold for all comparisons together (Bonferroni), so that of models that are alike at most
 * one in a hundred is found better by chance.
 * @param count prompts that both models drew.
 */
export function compare(count: number, comparisons: readonly Comparison[]): Compared[] {
  const confidence = 1 - FAMILY_ERROR / comparisons.length;
  return comparisons.map(({ statistic, resamples, ...about }) => {
    const { candidate, production } = statistic(Array.from({ length: count }, (_, i) => i));
    const sign = about.higherIsBetter ? 1 : -1;
    const gain = bootstrap(
      count,
      (places) => {
        const both = statistic(places);
        return sign * (both.candidate - both.production);
      },
      { confidence, ...(resamples !== undefined && { resamples }) },
    );
    return { ...about, candidate, production, gain, finding: findingOf(gain, about) };
  });
}

/** Worse: for certain, and by more than is accepted. What isn't quality is better only by as much, too. */
function findingOf(
  { value, low, high }: Estimate,
  { tolerance, quality }: Pick<Comparison, 'tolerance' | 'quality'>,
): Compared['finding'] {
  if (low > (quality ? 0 : tolerance)) return 'better';
  if (Number.isNaN(value) || (high < 0 && -value > tolerance)) return 'worse';
  return 'no difference';
}

/** @param figures of the candidate, by the names of the thresholds; one that is missing or NaN is missed. */
export function decide(
  prompts: number,
  compared: readonly Compared[],
  thresholds: readonly Threshold[],
  figures: Readonly<Record<string, number | undefined>>,
): Verdict {
  const reasons = missed(thresholds, figures);
  for (const one of compared)
    if (one.finding === 'worse')
      reasons.push(
        `${one.name} ${number(one.candidate)}, production ${number(one.production)}: gain ${show(one.gain, 3)}`,
      );
  const better = compared.filter((one) => one.quality && one.finding === 'better').map(({ name }) => name);
  if (prompts < FEWEST_PROMPTS)
    reasons.push(`${prompts} prompts are too few to promote on, at least ${FEWEST_PROMPTS}`);
  else if (better.length === 0) reasons.push('better at nothing beyond chance');
  return { decision: reasons.length === 0 ? 'promote' : 'refuse', reasons, better };
}

/** What falls short of its threshold, "failedShare 0.1 > 0.02". */
export function missed(
  thresholds: readonly Threshold[],
  figures: Readonly<Record<string, number | undefined>>,
): string[] {
  return thresholds.flatMap(({ name, min, max }) => {
    const value = figures[name];
    if (value === undefined || Number.isNaN(value)) return [`${name} was not measured`];
    if (min !== undefined && value < min) return [`${name} ${number(value)} < ${number(min)}`];
    if (max !== undefined && value > max) return [`${name} ${number(value)} > ${number(max)}`];
    return [];
  });
}

const number = (value: number): string => String(Number(value.toPrecision(4)));
