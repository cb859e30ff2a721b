/** What ends a process from outside: SIGTERM, SIGINT, the end of standard input, or an error nobody caught. */
export interface StopRequest {
  /** For the log. */
  why: string;
  /** Exit code that the process ends with once it has shut down. */
  exitCode: number;
  error?: unknown;
}

/** Calls `stop` at the first reason to stop; a second signal kills the process. */
export function onStopRequest(stop: (request: StopRequest) => void, options: { stdin: boolean }): void {
  let asked = false;
  const ask = (request: StopRequest) => {
    if (asked) return;
    asked = true;
    stop(request);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.kill(process.pid, 'SIGKILL');
      ask({ why: signal, exitCode: 0 });
    });
  }
  process.on('uncaughtException', (error) => ask({ why: 'uncaught exception', exitCode: 1, error }));
  process.on('unhandledRejection', (error) => ask({ why: 'unhandled rejection', exitCode: 1, error }));
  // Writing a log line to a supervisor that has died must not keep the process from shutting down.
  process.stdout.on('error', () => {});
  if (options.stdin) {
    process.stdin.on('end', () => ask({ why: 'end of standard input', exitCode: 0 }));
    process.stdin.on('error', () => ask({ why: 'broken standard input', exitCode: 0 }));
    process.stdin.resume();
    // Waiting for the end of standard input is no reason to stay alive.
    process.stdin.unref();
  }
}
