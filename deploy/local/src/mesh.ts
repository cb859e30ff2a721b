/** The whole mesh on one machine: NATS and the services, each in its own process. */
import { existsSync } from 'node:fs';
import { useMeshTls } from '@atelier/rpc';
import type { Stream } from './child-process.ts';
import { credentialsEnvironment } from './credentials.ts';
import { freePort } from './free-port.ts';
import { type NatsOptions, type NatsServer, startNats } from './nats-server.ts';
import { pack } from './pack.ts';
import { renice } from './proc.ts';
import { promptEncoder } from './prompt-encoder.ts';
import { type ServiceProcess, spawnService } from './service-process.ts';
import { entryOf, REPOSITORY, SERVICES, type ServiceName, serviceRow } from './services.ts';
import { createThrowAwayCa, NO_TLS, type ThrowAwayCa, tlsEnvironment } from './throw-away-ca.ts';

export interface MeshOptions {
  /** Which services; default all. Their needs are the caller's to include. */
  services?: readonly ServiceName[];
  /** Any free ports instead of the table's, so that several meshes live side by side; default false. */
  freePorts?: boolean;
  /** See {@link startNats}. */
  nats?: NatsOptions;
  /**
   * mTLS between the services, with certificates of a throw-away authority; this process then calls as the member `client`.
   * Default: whether ATELIER_MTLS is 1.
   */
  mtls?: boolean;
  /**
   * Niceness of what a picture passes through and of NATS, once ready, so that who types does not wait for it: 0 where many programs
   * want the processor and nobody types. Default: ATELIER_MESH_NICENESS, else 15.
   */
  niceness?: number;
  /**
   * Run the services packed with their libraries, which saves a quarter of the start and 7 MB each; without it stack traces name their
   * sources. Default: whether ATELIER_MESH_PACKED is not 0.
   */
  packed?: boolean;
  /** Environment for every service, on top of this process's own. */
  env?: NodeJS.ProcessEnv;
  /** Environment for one service, on top of `env`. */
  envFor?: Partial<Record<ServiceName, NodeJS.ProcessEnv>>;
  /** Gets every line the processes write; `who` is a service name or `nats`. */
  onLine?: (who: ServiceName | 'nats', line: string, stream: Stream) => void;
  /** Told of what takes long once or is done without: a package that is being installed. */
  onNotice?: (line: string) => void;
  /** Called when a service is ready, with the milliseconds since the mesh began to start. */
  onReady?: (name: ServiceName, ms: number) => void;
  /** How long each service may take to be loaded and warmed; default 60,000 ms. */
  readyTimeoutMs?: number;
  /** Gives up starting and ends what was started. */
  signal?: AbortSignal;
}

export interface Mesh {
  /** Undefined when no service of the mesh needs it. */
  nats: NatsServer | undefined;
  services: ReadonlyMap<ServiceName, ServiceProcess>;
  /** `host:port` of a service of this mesh; throws RangeError for one that is not in it. */
  address(name: ServiceName): string;
  /** `http://host:port` of a service that serves HTTP; throws RangeError for another or one that is not in this mesh. */
  url(name: ServiceName): string;
  /** What a client's environment needs: ATELIER_ADDRESS, the services' address variables, NATS_URL. */
  env: Record<string, string>;
  /** Drain and end everything: the edge and the orchestrator first, NATS last. */
  stop(): Promise<void>;
  /** SIGKILL to everything, synchronously: for `process.on('exit')`. */
  killNow(): void;
}

/** A picture's end wakes a dozen threads: at 10 they weigh together more than one of niceness 0, at 15 less than half of it. */
const NICENESS = 15;

/** Start the mesh; resolves when every service is ready. When one fails, the others are ended and its words told. */
export async function startMesh(options: MeshOptions = {}): Promise<Mesh> {
  const began = performance.now();
  const niceness = options.niceness ?? Number(process.env.ATELIER_MESH_NICENESS ?? NICENESS);
  const names = options.services ?? SERVICES.map((row) => row.name);
  for (const name of names) {
    const entry = entryOf(serviceRow(name));
    if (!existsSync(entry)) throw new Error(`no program for ${name}: ${entry}`);
  }
  const packed = (options.packed ?? process.env.ATELIER_MESH_PACKED !== '0') ? await packServices() : {};
  const env: Record<string, string> = {};
  const addresses = new Map<ServiceName, string>();
  const httpAddresses = new Map<ServiceName, string>();
  const place = async (port: number): Promise<string> =>
    `127.0.0.1:${options.freePorts ? await freePort() : port}`;
  for (const name of names) {
    const row = serviceRow(name);
    const address = await place(row.port);
    addresses.set(name, address);
    if (row.httpPort !== undefined) httpAddresses.set(name, await place(row.httpPort));
    env[row.addressVariable] = address;
    if (name === 'orchestrator') env.ATELIER_ADDRESS = address;
  }

  const http = (name: ServiceName): NodeJS.ProcessEnv => {
    const address = httpAddresses.get(name);
    return address === undefined ? {} : { ATELIER_HTTP_ADDRESS: address };
  };

  const services = new Map<ServiceName, ServiceProcess>();
  let nats: NatsServer | undefined;
  let ca: ThrowAwayCa | undefined;
  if (options.mtls ?? process.env.ATELIER_MTLS === '1') {
    ca = await createThrowAwayCa();
    const files = await ca.issue('client');
    useMeshTls(files);
    Object.assign(env, tlsEnvironment(files));
  }
  const startOne = async (name: ServiceName): Promise<void> => {
    options.signal?.throwIfAborted();
    const row = serviceRow(name);
    const service = spawnService({
      name,
      entry: packed[name] ?? entryOf(row),
      niceness: row.behindKeystrokes ? niceness : 0,
      semiSpaceMb: row.semiSpaceMb,
      ownPagesFrom: row.ownPagesFrom,
      address: addresses.get(name) as string,
      env: {
        ...(name === 'orchestrator' && (await credentialsEnvironment({ ...process.env, ...options.env }))),
        ...(name === 'prompt-safety' && (await encoderEnvironment(options.onNotice))),
        ...options.env,
        ...env,
        ...http(name),
        // Of this mesh or of none: the certificate that this process has for another isn't theirs.
        ...(ca ? tlsEnvironment(await ca.issue(name)) : NO_TLS),
        ...options.envFor?.[name],
      },
      onLine: (line, stream) => options.onLine?.(name, line, stream),
    });
    services.set(name, service);
    await service.ready(options.readyTimeoutMs);
    options.onReady?.(name, performance.now() - began);
  };
  const startNatsAndUsers = async (): Promise<void> => {
    const users = names.filter((name) => serviceRow(name).needsNats);
    if (users.length === 0) return;
    const onLine = options.nats?.onLine ?? ((line, stream) => options.onLine?.('nats', line, stream));
    nats = await startNats({ ...options.nats, onLine });
    env.NATS_URL = nats.url;
    await Promise.all(users.map(startOne));
    const server = nats.pid();
    if (server) renice(server, niceness);
  };

  const mesh: Omit<Mesh, 'nats'> = {
    services,
    env,
    address(name) {
      const address = addresses.get(name);
      if (!address) throw new RangeError(`${name} is not in this mesh`);
      return address;
    },
    url(name) {
      const address = httpAddresses.get(name);
      if (!address) throw new RangeError(`${name} serves no HTTP in this mesh`);
      return `http://${address}`;
    },
    async stop() {
      await services.get('web')?.stop(); // lets nothing new in
      await services.get('orchestrator')?.stop(); // drains into the others, so these end after it
      await Promise.all([...services.values()].map((service) => service.stop()));
      await nats?.stop();
      if (!ca) return;
      useMeshTls(undefined);
      await ca.remove();
    },
    killNow() {
      for (const service of services.values()) service.kill();
      nats?.kill();
    },
  };
  const aborted = abortion(options.signal);
  const others = names.filter((name) => !serviceRow(name).needsNats);
  const starts = [startNatsAndUsers(), ...others.map(startOne)];
  try {
    await Promise.race([Promise.all(starts), aborted.promise]);
    return { ...mesh, nats };
  } catch (error) {
    await mesh.stop();
    await Promise.allSettled(starts);
    await mesh.stop(); // whatever began meanwhile
    throw error;
  } finally {
    aborted.dispose();
  }
}

const packServices = (): Promise<Record<string, string>> =>
  pack({
    programs: Object.fromEntries(SERVICES.map((row) => [row.name, entryOf(row)])),
    folder: `${REPOSITORY}/.cache/packed`,
    inputs: [`${REPOSITORY}/package-lock.json`],
  });

const encoderEnvironment = async (onLine: MeshOptions['onNotice']): Promise<NodeJS.ProcessEnv> => {
  if (process.env.ATELIER_PROMPT_ENCODER !== undefined) return {};
  const folder = await promptEncoder({ onLine });
  return folder === undefined ? {} : { ATELIER_PROMPT_ENCODER: folder };
};

/** A promise that rejects when the signal fires, and how to stop listening. */
function abortion(signal: AbortSignal | undefined): { promise: Promise<never>; dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const fire = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', fire, { once: true });
  if (signal?.aborted) fire();
  return { promise, dispose: () => signal?.removeEventListener('abort', fire) };
}
