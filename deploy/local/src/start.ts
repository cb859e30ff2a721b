/** `npm start`: the mesh in the foreground, until Ctrl-C. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { describeExit } from './child-process.ts';
import { startMesh } from './mesh.ts';
import type { NatsServer } from './nats-server.ts';
import type { ServiceProcess } from './service-process.ts';
import { REPOSITORY, serviceRow } from './services.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    /** Any free ports instead of 7400 to 7409. */
    'free-ports': { type: 'boolean', default: false },
    /** Show the services' logs. */
    logs: { type: 'boolean', default: false },
  },
});

const RESTART_DELAY_MS = 1_000;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
process.on('disconnect', () => stop.abort()); // whoever started this is gone
process.channel?.unref();

try {
  console.log('starting NATS and the services …');
  const mesh = await startMesh({
    freePorts: values['free-ports'],
    signal: stop.signal,
    nats: { storeDir: `${REPOSITORY}/.atelier/nats` }, // generations outlive a restart
    onLine: (who, line) => {
      if (values.logs) console.log(`${who.padEnd(18)} ${line}`);
    },
    onNotice: (line) => console.log(line),
    onReady: (name, ms) => console.log(`${name.padEnd(18)} ready after ${(ms / 1000).toFixed(1)} s`),
  });
  process.on('exit', () => mesh.killNow());
  const rows = [...mesh.services].map(([name, service]) => [
    name,
    service.address,
    String(service.pid()),
    serviceRow(name).promise,
  ]);
  console.log(`\n${table(['service', 'address', 'pid', 'promise'], [...rows, natsRow(mesh.nats)])}\n`);
  console.log(`ATELIER_ADDRESS=${mesh.address('orchestrator')} npm run generate -- "A boat on an ocean"`);
  for (const [name, value] of Object.entries(mesh.env))
    if (name.startsWith('ATELIER_TLS_')) console.log(`${name}=${value}`);
  if (!process.env.ATELIER_API_KEYS_FILE && !process.env.ATELIER_JWKS_FILE) {
    console.log('Authentication is off: whoever reaches these addresses may draw, for any tenant.');
  }
  console.log(`The studio: ${mesh.url('web')}   (Ctrl-C ends it)`);

  for (const service of mesh.services.values()) keepAlive(service);
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  console.log('stopping …');
  await mesh.stop();
  console.log('stopped');
} catch (error) {
  if (!stop.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function natsRow(nats: NatsServer | undefined): string[] {
  const whose = nats?.owned ? 'private' : 'yours';
  return ['nats', nats?.url ?? '', String(nats?.pid() ?? ''), `queue, events, pictures (${whose})`];
}

/** Start a service again whenever it ends by itself. */
function keepAlive(service: ServiceProcess): void {
  void service.exited().then(async (exit) => {
    if (stop.signal.aborted) return;
    console.error(`${service.name} ${describeExit(exit)}; starting it again`);
    await sleep(RESTART_DELAY_MS);
    if (stop.signal.aborted) return;
    await service.restart();
    keepAlive(service);
  });
}
