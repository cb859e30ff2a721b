/** The parts of insights that benchmarks and other programs drive without its process. */
export { sideOf } from './experiments/assignment.ts';
export { count } from './metrics/count.ts';
export { metricsOf } from './metrics/metrics.ts';
export { EVER, type Span } from './metrics/tallies.ts';
export { type Prices, parsePrices } from './store/prices.ts';
export { generationRow, interactionRow } from './store/rows.ts';
export { Store } from './store/store.ts';
