/** Every scenario, in the order in which `npm run chaos` runs them. */
import type { Scenario } from './scenario.ts';
import { kills } from './scenarios/kills.ts';

export const SCENARIOS: readonly Scenario[] = [kills];
