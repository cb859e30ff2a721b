/** Runs a program, showing its output while keeping it. */
import { spawn } from 'node:child_process';

export interface Teed {
  /** Exit code; 1 for a program that died of a signal or couldn't be started. */
  code: number;
  /** Standard output and standard error, as they came. */
  output: string;
}

export function spawnTeed(command: string, args: string[], cwd: string): Promise<Teed> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const [from, to] of [
      [child.stdout, process.stdout] as const,
      [child.stderr, process.stderr] as const,
    ]) {
      from.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        to.write(chunk);
      });
    }
    child.once('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
