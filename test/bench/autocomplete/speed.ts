/** How long a keystroke waits for its suggestions, alone and while pictures are drawn. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { startMesh } from '@atelier/local-mesh';
import { median, percentile, rounded } from '@atelier/metrics';
import { machineStalls } from '../stalls.ts';
import { grammarHalves, type Half } from './halves.ts';
import type { Asked } from './typist.ts';

const SCENES = 1_200;
/** Calls until the compilers of both ends have done what they will: five seconds. */
const WARM_UP = 1_000;
/** How long the machine is watched first. */
const STALL_SECONDS = 5;
/** A clock in a process of its own that collects its garbage before it measures, and has room for all that comes: what is timed are the services. */
const CLOCK = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

/** Figures of the whole mesh under keystrokes, in milliseconds. */
export async function speed(log: (line: string) => void) {
  // Each prefix once: what was judged for the first is remembered for the second.
  const halves = grammarHalves(SCENES);
  const each = Math.floor((halves.length - WARM_UP) / 2);
  const stalls = machineStalls(STALL_SECONDS);
  const mesh = await startMesh({ freePorts: true });
  const typist = program('typist', mesh.address('autocomplete'), CLOCK);
  try {
    await type(typist, halves.slice(0, WARM_UP));
    const alone = await type(typist, halves.slice(WARM_UP, WARM_UP + each));
    const painter = program('painter', mesh.address('orchestrator'));
    await answer(painter); // its start is no part of drawing
    const busy = await type(typist, halves.slice(WARM_UP + each));
    log(`asked others while ${await pictures(painter)} pictures were drawn`);
    return {
      p99Ms: rounded(percentile(alone.times, 0.99)),
      p50Ms: rounded(median(alone.times)),
      nextWordTop5AtRate: rounded(alone.hitRate),
      p99WhileGeneratingMs: rounded(percentile(busy.times, 0.99)),
      p50WhileGeneratingMs: rounded(median(busy.times)),
      failed: alone.failed + busy.failed,
      machineStallPercent: rounded(100 * stalls.share),
      machineLongestStallMs: rounded(stalls.longestMs),
    };
  } finally {
    if (typist.connected) typist.disconnect();
    await mesh.stop();
  }
}

const program = (name: 'typist' | 'painter', address: string, execArgv: string[] = []): ChildProcess =>
  fork(new URL(`./${name}.ts`, import.meta.url), [address], { execArgv });

async function type(typist: ChildProcess, halves: readonly Half[]): Promise<Asked> {
  typist.send(halves);
  return (await answer(typist)) as Asked;
}

/** Pictures drawn until now; with this it ends. */
async function pictures(painter: ChildProcess): Promise<number> {
  if (painter.exitCode !== null) throw new Error('pictures were no longer drawn while keystrokes were timed');
  painter.send('stop');
  return Number(await answer(painter));
}

/** The next message of a program; rejects when it ends instead. */
async function answer(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const [message] = await Promise.race([
    once(child, 'message', { signal: ended.signal }),
    once(child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`${child.spawnargs.at(-2)} ended with ${code}`);
    }),
  ]).finally(() => ended.abort());
  return message;
}
