/** Worker processes on this machine, kept running: one that dies is started again. */
import { type Child, describeExit, startChild } from '@atelier/local-mesh';

export interface Workers {
  /** Process ids now. */
  pids(): number[];
  /** Why they can't go on, or null. */
  failure(): string | null;
  stop(): Promise<void>;
}

/** Deaths of workers after which something is wrong with more than a worker. */
const MAX_DEATHS = 100;

export function startWorkers(count: number, natsUrl: string, onDeath: (line: string) => void): Workers {
  const children: Child[] = [];
  let stopping = false;
  let deaths = 0;
  let failure: string | null = null;
  const start = (place: number): void => {
    const child = startChild({
      command: process.execPath,
      args: [`${import.meta.dirname}/worker.ts`],
      env: { ...process.env, NATS_URL: natsUrl, ATELIER_EXIT_WITH_STDIN: 'true', ATELIER_LOG_LEVEL: 'warn' },
    });
    children[place] = child;
    void child.exited.then((exit) => {
      if (stopping) return;
      deaths += 1;
      const line = `a worker ${describeExit(exit)}; started again`;
      onDeath([line, ...child.lastLines().slice(-3)].join('\n'));
      if (deaths > MAX_DEATHS) failure = `workers died ${deaths} times:\n${child.lastLines().join('\n')}`;
      else start(place);
    });
  };
  for (let place = 0; place < count; place++) start(place);
  return {
    pids: () => children.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    failure: () => failure,
    async stop() {
      stopping = true;
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}
