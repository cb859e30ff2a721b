/** How far it is, how fast it goes and when it will be over, on standard error. */
import type { OnProgress } from './curate.ts';

const WIDTH = 24;

/** A bar that is drawn over on a terminal, and a line for each tenth elsewhere. */
export function progressBar(out: NodeJS.WriteStream): OnProgress {
  let stage = '';
  let began = 0;
  let before = 0;
  let told = -1;
  return (name, done, tasks, items) => {
    if (name !== stage) {
      stage = name;
      began = performance.now();
      before = done;
      told = -1;
    }
    const share = tasks === 0 ? 1 : done / tasks;
    const tenth = Math.floor(10 * share);
    if (!out.isTTY && tenth === told) return;
    told = tenth;
    const seconds = (performance.now() - began) / 1000;
    const rate = (done - before) / Math.max(0.001, seconds);
    const left = rate > 0 ? `${Math.ceil((tasks - done) / rate)} s left` : '';
    const perSecond = tasks === 0 ? 0 : (rate * items) / tasks;
    const bar = '█'.repeat(Math.round(WIDTH * share)).padEnd(WIDTH, '░');
    const line = `${name.padEnd(8)} ${bar} ${done}/${tasks}  ${perSecond.toFixed(0)} items/s  ${left}`;
    if (!out.isTTY) out.write(`${line}\n`);
    else out.write(`\r${line.padEnd((out.columns ?? 80) - 1)}${done === tasks ? '\n' : ''}`);
  };
}

/** Passes progress on and keeps how long each stage took, seconds. */
export function timed(next: OnProgress): { onProgress: OnProgress; stageSeconds: Record<string, number> } {
  const began: Record<string, number> = {};
  const stageSeconds: Record<string, number> = {};
  const onProgress: OnProgress = (stage, ...rest) => {
    const now = performance.now();
    began[stage] ??= now;
    stageSeconds[stage] = Math.round(now - began[stage]) / 1000;
    next(stage, ...rest);
  };
  return { onProgress, stageSeconds };
}
