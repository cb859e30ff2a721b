/** One real service in a process of its own. */
import {
  addressVariable,
  entryOf,
  freePort,
  type ServiceName,
  type ServiceProcess,
  serviceRow,
  spawnService,
} from '@atelier/local-mesh';

/**
 * Start services/<name>/src/main.ts on a free loopback port with the Node that runs the test. Returns at once: await
 * `ready()`. The process ends with the test's process, whatever happens to that.
 */
export async function startService(name: ServiceName, env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
  return spawnService({
    name,
    entry: entryOf(serviceRow(name)),
    address: `127.0.0.1:${await freePort()}`,
    env: { ATELIER_LOG_LEVEL: 'warn', ...env },
  });
}

export { addressVariable, type ServiceName, type ServiceProcess };
