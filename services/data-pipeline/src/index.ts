export { type Crew, queueCrew, soloCrew } from './crew.ts';
export { beginRun, curate, type OnProgress } from './curate.ts';
export { DEFAULTS, type RunOptions } from './run.ts';
