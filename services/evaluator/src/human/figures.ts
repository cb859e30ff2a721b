/** What people's answers say. Pure. */
import { bootstrap, type Estimate, interval, krippendorffAlpha, meanOf, nominal } from '@atelier/metrics';

/** One answer, as it is kept. */
export interface Answer {
  /** Pseudonym of the rater, made by their browser's session. */
  readonly rater: string;
  /** The question; answers of one rater to one question replace each other. */
  readonly question: string;
  /** Which picture: of the model that is judged, or of the one it is held against. */
  readonly about: 'preference' | 'candidate' | 'reference';
  /** Preference: 1 for the candidate's picture, 0 for the reference's, 0.5 for neither. Accuracy: 100, 50 or 0. */
  readonly value: number;
}

export interface RatingFigures {
  readonly raters: number;
  readonly answers: number;
  /** Share of questions won by the candidate, ties for half; absent when nobody compared. */
  readonly preferred?: Estimate;
  /** How well the caption describes the picture, 0..100, by whose picture. */
  readonly accuracy: Readonly<Record<string, Estimate>>;
  /** Krippendorff's alpha; null when no question has two answers that could differ. */
  readonly agreement: { readonly preference: number | null; readonly accuracy: number | null };
}

/** Questions, not answers, are resampled: raters of one question see the same pictures. Undefined without answers. */
export function ratingFigures(answers: readonly Answer[]): RatingFigures | undefined {
  const latest = [...new Map(answers.map((one) => [`${one.rater}\n${one.question}`, one])).values()];
  if (latest.length === 0) return undefined;
  const unitsOf = (about: Answer['about']): number[][] =>
    [
      ...Map.groupBy(
        latest.filter((one) => one.about === about),
        ({ question }) => question,
      ).values(),
    ].map((group) => group.map(({ value }) => value));
  const estimate = (units: readonly number[][]): Estimate =>
    bootstrap(units.length, (places) => meanOf(places.map((place) => meanOf(units[place] as number[]))));
  const preference = unitsOf('preference');
  const accuracy = (['candidate', 'reference'] as const).flatMap((about) => {
    const units = unitsOf(about);
    return units.length === 0 ? [] : [[about, estimate(units)] as const];
  });
  return {
    raters: new Set(latest.map(({ rater }) => rater)).size,
    answers: latest.length,
    ...(preference.length > 0 && { preferred: estimate(preference) }),
    accuracy: Object.fromEntries(accuracy),
    agreement: {
      preference: orNull(krippendorffAlpha(preference, nominal)),
      accuracy: orNull(krippendorffAlpha([...unitsOf('candidate'), ...unitsOf('reference')], interval)),
    },
  };
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
