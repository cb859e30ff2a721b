/** Progress on standard error: a line that changes on a terminal, lines of their own elsewhere. */
import type { Generation } from '@atelier/contracts';
import type { WatchEvent } from '../watch.ts';

/** What progress is written to: process.stderr, or a test's. */
export interface Terminal {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  /** Something that goes on: "starting 3 of 8 services". Replaces the line before on a terminal. */
  status(text: string): void;
  /** Something that stays. */
  line(text: string): void;
  /** Shows an event of the watch. */
  event(event: WatchEvent): void;
  /** Clears what is unfinished. */
  end(): void;
}

const BAR_WIDTH = 24;
/** Elsewhere than on a terminal: about so many lines for the steps of an image. */
const MAX_STEP_LINES = 50;

export function createProgress(terminal: Terminal): Progress {
  let unfinished = false;
  /** How often each stage was told: what ended before the watch began, or while it was broken, is in a snapshot. */
  const told = new Map<string, number>();
  const stage = (name: string, ms: number): void => {
    told.set(name, (told.get(name) ?? 0) + 1);
    progress.line(`${name.padEnd(20)} ${seconds(ms)}`);
  };
  const catchUp = ({ stages }: Generation): void => {
    const seen = new Map<string, number>();
    for (const { name, durationMs } of stages) {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      if (durationMs !== undefined && times > (told.get(name) ?? 0)) stage(name, durationMs);
    }
  };
  const clear = (): void => {
    if (unfinished) terminal.write('\r\u001b[2K');
    unfinished = false;
  };
  const progress: Progress = {
    status(text) {
      if (!terminal.isTTY) return progress.line(text);
      clear();
      terminal.write(text.slice(0, (terminal.columns ?? 80) - 1));
      unfinished = true;
    },
    line(text) {
      clear();
      terminal.write(`${text}\n`);
    },
    event(event) {
      switch (event.case) {
        case 'stageStarted':
          return progress.status(`${event.value.name} …`);
        case 'snapshot':
        case 'finished':
          return catchUp(event.value);
        case 'stageFinished':
          return stage(event.value.name, event.value.durationMs);
        case 'progress': {
          const { step, steps, imageIndex } = event.value;
          const every = terminal.isTTY ? 1 : Math.ceil(steps / MAX_STEP_LINES);
          if (step % every === 0 || step === steps)
            progress.status(
              `diffusion ${bar(step, steps)} step ${step} of ${steps}${imageIndex ? `, image ${imageIndex + 1}` : ''}`,
            );
          return;
        }
        default:
          return;
      }
    },
    end: clear,
  };
  return progress;
}

/** 1234 ms → "1.23 s". */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** A bar for a share done: "[██████      ]". */
function bar(done: number, all: number): string {
  const full = all > 0 ? Math.round((BAR_WIDTH * Math.min(done, all)) / all) : 0;
  return `[${'█'.repeat(full)}${' '.repeat(BAR_WIDTH - full)}]`;
}
