/** The NATS server of a local mesh: the one that is configured, or a private one on loopback. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, describeExit, type OnLine, startChild } from './child-process.ts';
import { natsBinary } from './nats-binary.ts';

export interface NatsOptions {
  /** Servers to use as they are; default `NATS_URL`. Empty string: a private one whatever the environment says. */
  url?: string | undefined;
  /** JetStream's folder, kept after the end; default: a temporary one, removed at the end. */
  storeDir?: string | undefined;
  /** Address to listen on; default 127.0.0.1. */
  host?: string | undefined;
  /** Port there; default: any free one. */
  port?: number | undefined;
  /** Further configuration of a private server, as in its configuration file: users, for example. */
  configuration?: string | undefined;
  /** Whether a missing program may be fetched; default true. */
  install?: boolean;
  /** Gets the server's log, and what is done to find the program. */
  onLine?: OnLine | undefined;
}

export interface NatsServer {
  /** For NATS clients: `nats://<host>:<port>`, or NATS_URL as it was. */
  url: string;
  /** Whether this process started it (and ends it). */
  owned: boolean;
  /** Process id of a private server. */
  pid(): number | undefined;
  /** End a private server and remove its temporary folder; no effect on a configured one. */
  stop(): Promise<void>;
  /** Send a signal, by default SIGKILL, to a private server: what a crash looks like. */
  kill(signal?: NodeJS.Signals): void;
  /** After `kill`: the same port and JetStream folder again. */
  restart(): Promise<void>;
}

/** How long a server may take to open its port. */
const START_TIMEOUT_MS = 10_000;

/**
 * The streams' limits are ceilings that a local mesh never comes near. The server's own maximum, three quarters of the
 * free disk, would keep a mesh from starting where twenty gigabytes are left.
 */
const STORAGE = 'jetstream { max_file_store: 64G }';

/**
 * The shell becomes the server (same process id) and leaves a watcher behind that ends it when standard input ends,
 * which it does when the process that started it dies, however it dies.
 */
const DIE_TOGETHER =
  'exec 3<&0; (cat <&3 >/dev/null; kill $$) >/dev/null 2>&1 & exec 3<&-; exec "$0" "$@" </dev/null';

/** Use the configured NATS or start a private one with JetStream on loopback; resolves when it takes connections. */
export async function startNats(options: NatsOptions = {}): Promise<NatsServer> {
  const configured = options.url ?? process.env.NATS_URL;
  if (configured) return external(configured);

  const program = await natsBinary({
    ...(options.install === false && { installInto: null }),
    onLine: (line) => options.onLine?.(line, 'stderr'),
  });
  const folder = await mkdtemp(join(tmpdir(), 'atelier-nats-'));
  const host = options.host ?? '127.0.0.1';
  const store = options.storeDir ?? join(folder, 'store');
  const configuration = join(folder, 'nats.conf');
  await writeFile(configuration, `${STORAGE}\n${options.configuration ?? ''}`, { mode: 0o600 });
  let child: Child | undefined;
  const start = async (port: number): Promise<number> => {
    const where = ['-a', host, '-p', String(port), '-js', '-sd', store, '--ports_file_dir', folder];
    where.push('-c', configuration);
    child = startChild({
      command: '/bin/sh',
      args: ['-c', DIE_TOGETHER, program, ...where],
      onLine: options.onLine,
    });
    return await readPort(child, folder);
  };
  const end = async (): Promise<void> => {
    await child?.stop(5_000);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await start(options.port ?? -1);
    return {
      url: `nats://${host}:${port}`,
      owned: true,
      pid: () => child?.pid,
      stop: end,
      kill: (signal) => child?.kill(signal),
      restart: async () => {
        await child?.exited;
        await start(port);
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const external = (url: string): NatsServer => ({
  url,
  owned: false,
  pid: () => undefined,
  stop: async () => {},
  kill: () => {},
  restart: async () => {},
});

/** The port the server really opened: it writes a ports file once it listens. */
async function readPort(child: Child, folder: string): Promise<number> {
  const file = join(folder, `nats-server_${child.pid}.ports`);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && !child.ended()) {
    try {
      const { nats } = JSON.parse(await readFile(file, 'utf8')) as { nats: string[] };
      return Number(new URL(nats[0] as string).port);
    } catch {
      await sleep(20); // not there yet, or half written
    }
  }
  const why = child.ended()
    ? describeExit(await child.exited)
    : `did not open a port in ${START_TIMEOUT_MS} ms`;
  throw new Error(`nats-server ${why}\n${child.lastLines().join('\n')}`);
}
