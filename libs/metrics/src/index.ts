/** What pictures, models and raters are measured by. Pure: no models, no files, no clock. */
export { type Difference, interval, krippendorffAlpha, nominal } from './agreement.ts';
export { CHOICES, clipScore, cosineSimilarity, rPrecision } from './alignment.ts';
export { type Distribution, distanceFrom, sharesOf, totalVariation } from './distribution.ts';
export { frechetDistance } from './frechet.ts';
export { inceptionScore, softmax } from './inception-score.ts';
export { bootstrap, type Estimate, meanOf, show } from './interval.ts';
export { median, percentile, rounded, slope } from './statistics.ts';
export { vendiScore } from './vendi-score.ts';
