/** A child process with line output, a known end, and a stop that always works. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Stream = 'stdout' | 'stderr';
export type OnLine = (line: string, stream: Stream) => void;

export interface Exit {
  /** Exit status; null when a signal ended it or it never started. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it never started, for example `spawn x ENOENT`. */
  error?: Error;
}

export interface Child {
  /** Process id; undefined when it never started. */
  pid: number | undefined;
  /** Settles when the process has ended and its output was read; never rejects. */
  exited: Promise<Exit>;
  /** Whether it has ended. */
  ended(): boolean;
  /** Its last lines of output, oldest first (at most 40). */
  lastLines(): string[];
  /** SIGTERM, and SIGKILL after `graceMs`; resolves when it has ended. */
  stop(graceMs?: number): Promise<void>;
  /** Send a signal, by default SIGKILL. No effect after the end. */
  kill(signal?: NodeJS.Signals): void;
}

export interface ChildOptions {
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  onLine?: OnLine | undefined;
}

const KEPT_LINES = 40;

/**
 * Start a process. A command that can't be started ends at once with `error` set. Its standard input is a pipe that
 * nothing is written to: it ends when this process does, however that dies.
 */
export function startChild({ command, args, env, cwd, onLine }: ChildOptions): Child {
  const child = spawn(command, args, {
    stdio: 'pipe',
    detached: true, // a Ctrl-C at the terminal is for the launcher, which then stops its children in order
    ...(env && { env }),
    ...(cwd && { cwd }),
  });
  const lines: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) readLines(child, stream, lines, onLine);

  let over = false;
  const exited = new Promise<Exit>((resolve) => {
    const end = (exit: Exit): void => {
      over = true;
      resolve(exit);
    };
    child.once('error', (error) => child.pid === undefined && end({ code: null, signal: null, error }));
    child.once('close', (code, signal) => end({ code, signal }));
  });
  const kill = (signal: NodeJS.Signals = 'SIGKILL'): void => void (over || child.kill(signal));

  return {
    pid: child.pid,
    exited,
    ended: () => over,
    lastLines: () => [...lines],
    kill,
    async stop(graceMs = 10_000) {
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function readLines(child: ChildProcess, stream: Stream, kept: string[], onLine?: OnLine): void {
  const input = child[stream];
  if (!input) return;
  createInterface({ input }).on('line', (line) => {
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
    onLine?.(line, stream);
  });
}

/** `exited with code 1`, `was ended by SIGKILL` or `could not be started: …`. */
export function describeExit({ code, signal, error }: Exit): string {
  if (error) return `could not be started: ${error.message}`;
  return signal ? `was ended by ${signal}` : `exited with code ${code}`;
}
