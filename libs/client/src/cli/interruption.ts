/** Being told to stop: the first signal ends the run in order, the second at once. */
import { constants } from 'node:os';

/** A Ctrl-C comes twice, from the terminal and from npm; within this time they are one, milliseconds. */
const SAME_MS = 500;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Interruption {
  readonly #controller = new AbortController();
  #lastResort = (): void => {};
  #since = 0;
  /** What a shell expects after the signal, 128 + its number; undefined when there was none. */
  exitCode: number | undefined;

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.exitCode !== undefined) {
      if (performance.now() - this.#since > SAME_MS) process.exit(this.exitCode); // runs the last resort
      return;
    }
    this.#since = performance.now();
    this.exitCode = 128 + constants.signals[signal];
    this.#controller.abort(new Error(`stopped by ${signal}`));
  };
  /** The program that started this one is gone: nobody waits for the picture. */
  readonly #onDisconnect = (): void => this.#onSignal('SIGHUP');
  readonly #onExit = (): void => this.#lastResort();

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    process.on('disconnect', this.#onDisconnect);
    process.channel?.unref();
    process.on('exit', this.#onExit);
  }

  /** Aborts at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs when the process exits, whatever the reason; must be synchronous. */
  onLastResort(action: () => void): void {
    this.#lastResort = action;
  }

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    process.off('disconnect', this.#onDisconnect);
  }
}
