/** The evaluator's parts, for tests that span services. */
export { type Evaluation, evaluate } from './evaluate.ts';
export { openEyes } from './judge/eyes.ts';
export { fairnessFigures, openNeutral, openWanted } from './measure/people.ts';
export type { Task } from './model-run.ts';
export { writeReport } from './report/write.ts';
export { openPromptSet } from './sets/open.ts';
