/** A mesh to break: the smallest models, and two replicas of what a generation can't wait for. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  addressVariable,
  entryOf,
  freePort,
  type NatsServer,
  SERVICES,
  type ServiceName,
  type ServiceProcess,
  serviceRow,
  spawnService,
  startNats,
} from '@atelier/local-mesh';
import { tinyBundlePath } from '@atelier/models/fixtures';
import type { Host } from './networks.ts';

export interface Fleet {
  nats: NatsServer;
  /** Every process, replicas included. */
  processes: ServiceProcess[];
  /** gRPC target over all replicas of a service. */
  target(name: ServiceName): string;
  stop(): Promise<void>;
}

export interface FleetOptions {
  /** Processes of a service; default 1. */
  replicas?: Partial<Record<ServiceName, number>>;
  /** Where a process runs, and under which command; default: on loopback. */
  host?: (name: ServiceName, replica: number) => Host;
  /** Address that NATS listens on; default: loopback. */
  natsHost?: string;
  env?: NodeJS.ProcessEnv;
  onLine?: (who: string, line: string) => void;
}

/** A safety service that is down fails generations closed, so whoever wants them to succeed has two; as have orchestrators. */
export const REDUNDANT: NonNullable<FleetOptions['replicas']> = {
  orchestrator: 2,
  'prompt-safety': 2,
  'harm-detection': 2,
};

const NAMES: readonly ServiceName[] = SERVICES.map(({ name }) => name).filter(
  (name) => name !== 'autocomplete',
);
const LOOPBACK: Host = { address: '127.0.0.1', under: [] };
const READY_MS = 240_000;

const settings: NodeJS.ProcessEnv = {
  ATELIER_MODEL_BUNDLE: tinyBundlePath,
  ATELIER_LOG_LEVEL: 'warn',
  ATELIER_TRACE_RATIO: '0',
  ATELIER_PREVIEW_EVERY_STEPS: '0',
  ATELIER_CONCURRENT_GENERATIONS: '4',
  ATELIER_MAX_ATTEMPTS: '20',
};

/** Start all of it; resolves when every process is loaded and warmed. */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const nats = await startNats({ url: '', ...(options.natsHost && { host: options.natsHost }) });
  const places: [ServiceName, string, readonly string[]][] = [];
  const http: NodeJS.ProcessEnv = { ATELIER_HTTP_ADDRESS: `127.0.0.1:${await freePort()}` };
  for (const name of NAMES) {
    for (let i = 0; i < (options.replicas?.[name] ?? 1); i++) {
      const { address, under } = options.host?.(name, i) ?? LOOPBACK;
      places.push([name, `${address}:${await freePort()}`, under]);
    }
  }
  const target = (name: ServiceName): string =>
    `ipv4:${places.flatMap(([of, address]) => (of === name ? [address] : [])).join(',')}`;
  const addresses = Object.fromEntries(NAMES.map((name) => [addressVariable(name), target(name)]));
  const processes = places.map(([name, address, under]) =>
    spawnService({
      name,
      under,
      address,
      entry: entryOf(serviceRow(name)),
      env: { ...settings, ...http, ...addresses, NATS_URL: nats.url, ...options.env },
      onLine: (line) => options.onLine?.(name, line),
    }),
  );
  const stop = async (): Promise<void> => {
    const [orchestrators, others] = [
      processes.filter(isOrchestrator),
      processes.filter((p) => !isOrchestrator(p)),
    ];
    await Promise.all(orchestrators.map((one) => one.stop()));
    await Promise.all(others.map((one) => one.stop()));
    await nats.stop();
  };
  try {
    await Promise.all(processes.map((one) => one.ready(READY_MS)));
    return { nats, processes, target, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const isOrchestrator = ({ name }: ServiceProcess): boolean => name === 'orchestrator';

/** Kill a process without warning and start it again, as Kubernetes does; resolves when it is ready. */
export async function killAndRevive(process: ServiceProcess): Promise<void> {
  process.kill('SIGKILL');
  await process.restart();
  await process.ready(READY_MS);
}

/** Drain a process and start it again, as a rolling update does. */
export async function roll(process: ServiceProcess): Promise<void> {
  await process.stop(60_000);
  await process.restart();
  await process.ready(READY_MS);
  await sleep(100);
}
