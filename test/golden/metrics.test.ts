/** The metrics against torch-fidelity, clean-fid, scipy and krippendorff, on the same numbers (make_metric_goldens.py). */
import { readFileSync } from 'node:fs';
import {
  clipScore,
  frechetDistance,
  inceptionScore,
  interval,
  krippendorffAlpha,
  nominal,
  softmax,
  vendiScore,
} from '@atelier/metrics';
import { expect, test } from 'vitest';

interface Golden {
  fid: { a: number[][]; b: number[][]; torchFidelity: number; cleanFid: number }[];
  inceptionScore: { logits: number[][]; splits1: [number, number]; splits5: [number, number] };
  clipScore: { pictures: number[][]; captions: number[][]; scores: number[] };
  vendi: number;
  alpha: { ratings: (number | null)[][]; nominal: number; interval: number };
}

const golden = JSON.parse(readFileSync(new URL('metrics/golden.json', import.meta.url), 'utf8')) as Golden;
const vectors = (rows: number[][]): Float32Array[] => rows.map((row) => Float32Array.from(row));

/** Must hold: 1e-3 relative. What is the same formula on the same numbers does better. */
function expectClose(value: number, reference: number, relative = 1e-6): void {
  expect(Math.abs(value - reference)).toBeLessThan(relative * Math.abs(reference));
}

test.each(golden.fid.map((one) => [one.a.length, one.a[0]?.length, one] as const))(
  'FID of %i pictures with %i features equals torch-fidelity and clean-fid',
  (_count, _width, { a, b, torchFidelity, cleanFid }) => {
    const distance = frechetDistance(vectors(a), vectors(b));
    // They take roots of nearly singular matrices, whose noise in clean-fid reaches the sixth digit.
    expectClose(distance, torchFidelity, 1e-5);
    expectClose(distance, cleanFid, 1e-4);
  },
);

test('the inception score equals torch-fidelity, whole and in splits', () => {
  const probabilities = golden.inceptionScore.logits.map(softmax);
  for (const splits of [1, 5] as const) {
    const [mean, deviation] = golden.inceptionScore[`splits${splits}`];
    const score = inceptionScore(probabilities, splits);
    expectClose(score.mean, mean);
    expect(score.deviation).toBeCloseTo(deviation, 6);
  }
});

test('CLIPScore equals 2.5 times the cosine of scipy, and is 0 for the negative ones', () => {
  const { pictures, captions, scores } = golden.clipScore;
  const own = vectors(pictures).map((picture, i) => clipScore(picture, vectors(captions)[i] as Float32Array));
  expect(scores.filter((score) => score === 0).length).toBeGreaterThan(2);
  for (const [i, score] of own.entries()) expect(score).toBeCloseTo(scores[i] as number, 7);
});

test('the Vendi score equals its definition by numpy', () => {
  expectClose(vendiScore(vectors(golden.clipScore.pictures)), golden.vendi);
});

test("Krippendorff's alpha equals the krippendorff package, ratings missing", () => {
  const { ratings, ...alpha } = golden.alpha;
  const units = (ratings[0] ?? []).map((_, unit) =>
    ratings.flatMap((rater) => (typeof rater[unit] === 'number' ? [rater[unit]] : [])),
  );
  expectClose(krippendorffAlpha(units, nominal), alpha.nominal);
  expectClose(krippendorffAlpha(units, interval), alpha.interval);
});
