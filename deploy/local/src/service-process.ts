/** One service in its own process: started, ready when its health says so, stopped or killed by id. */
import { waitForHealthy } from '@atelier/rpc';
import { type Child, describeExit, type Exit, type OnLine, startChild } from './child-process.ts';
import { renice } from './proc.ts';
import { REPOSITORY } from './services.ts';

export interface ServiceOptions {
  /** Name for errors and logs. */
  name: string;
  /** Absolute path of the program, a TypeScript file. */
  entry: string;
  /** Where it is to listen, `host:port`; it is told in ATELIER_LISTEN_ADDRESS. */
  address: string;
  /** Command with arguments that it is started under, such as one that enters a network namespace; default: none. */
  under?: readonly string[] | undefined;
  /** Most that a V8 semi-space takes, megabytes; default 2. With more, less lives long enough to need a large collection. */
  semiSpaceMb?: number | undefined;
  /** Blocks of so many bytes and more have pages of their own, which malloc gives back with them; default 131,072. */
  ownPagesFrom?: number | undefined;
  /** Niceness from when it is ready; default: as it is. Getting ready is in nobody's way. */
  niceness?: number | undefined;
  /** Environment on top of this process's own. */
  env?: NodeJS.ProcessEnv | undefined;
  onLine?: OnLine | undefined;
}

export interface ServiceProcess {
  name: string;
  address: string;
  /** Process id now; changes with `restart`. */
  pid(): number | undefined;
  /** End of the present process. */
  exited(): Promise<Exit>;
  /** Resolves when health is SERVING (loaded and warmed); rejects when the process ends or `timeoutMs` pass. */
  ready(timeoutMs?: number): Promise<void>;
  /** Drain: SIGTERM, and SIGKILL after `graceMs` (default 10 s). */
  stop(graceMs?: number): Promise<void>;
  /** Send a signal, by default SIGKILL: what a crash looks like. */
  kill(signal?: NodeJS.Signals): void;
  /** Once the process has ended: the same service on the same address again. Await `ready()` afterwards. */
  restart(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;

/** V8's semi-space, megabytes: services keep tensors outside of it, and of the default's 16 MB all stay resident once touched. */
const SEMI_SPACE_MB = 2;

/** Start a service with this process's Node. Returns at once; await `ready()`. */
export function spawnService(options: ServiceOptions): ServiceProcess {
  const { name, entry, address, semiSpaceMb = SEMI_SPACE_MB } = options;
  const program = [process.execPath, `--max-semi-space-size=${semiSpaceMb}`, entry];
  const [command, ...args] = [...(options.under ?? []), ...program] as [string, ...string[]];
  const start = (): Child =>
    startChild({
      command,
      args,
      cwd: REPOSITORY,
      env: {
        // One malloc arena instead of eight a core, and what is freed at its end goes back: loading a model frees much.
        MALLOC_ARENA_MAX: '1',
        MALLOC_TRIM_THRESHOLD_: '131072',
        ...(options.ownPagesFrom && { MALLOC_MMAP_THRESHOLD_: String(options.ownPagesFrom) }),
        NODE_COMPILE_CACHE: `${REPOSITORY}/.cache/node-compile`,
        ...process.env,
        ...options.env,
        ATELIER_LISTEN_ADDRESS: address,
        ATELIER_EXIT_WITH_STDIN: 'true', // no orphans, even when this process is killed
      },
      onLine: options.onLine,
    });
  let child = start();

  return {
    name,
    address,
    pid: () => child.pid,
    exited: () => child.exited,
    kill: (signal) => child.kill(signal),
    stop: (graceMs) => child.stop(graceMs),
    async restart() {
      await child.exited;
      child = start();
    },
    async ready(timeoutMs = READY_TIMEOUT_MS) {
      const current = child;
      const giveUp = new AbortController();
      const ended = current.exited.then((exit) => {
        giveUp.abort();
        throw new Error(`${name} ${describeExit(exit)}\n${current.lastLines().join('\n')}`);
      });
      ended.catch(() => {}); // ends one day, long after it was ready
      try {
        await waitForHealthy(address, { timeoutMs, signal: giveUp.signal });
      } catch (cause) {
        if (giveUp.signal.aborted) await ended;
        const lines = current.lastLines().join('\n');
        throw new Error(`${name} at ${address} is not ready after ${timeoutMs} ms\n${lines}`, { cause });
      }
      if (options.niceness && current.pid) renice(current.pid, options.niceness);
    },
  };
}
