/** The report for programs. */
import type { Evaluation, Measured } from '../evaluate.ts';
import type { RatingFigures } from '../human/figures.ts';

/** Four significant digits are more than any figure here is worth. */
const DIGITS = 4;

export function jsonReport(evaluation: Evaluation, ratings: RatingFigures | undefined): unknown {
  const { task, features, reference, production, candidate, compared, verdict } = evaluation;
  const report = {
    set: task.set.name,
    prompts: task.set.prompts.length,
    drawing: task.drawing,
    features,
    reference,
    verdict,
    compared,
    production: modelReport(production),
    ...(candidate && { candidate: modelReport(candidate) }),
    ...(ratings && { ratings }),
  };
  return JSON.parse(
    JSON.stringify(report, (_, value) =>
      typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value,
    ),
  );
}

const modelReport = ({ bundle, pictures, cost, fairness, safety }: Measured) => ({
  bundle,
  pictures,
  cost,
  safety,
  fairness,
});
