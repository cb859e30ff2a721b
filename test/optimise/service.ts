/** A service of a bundle's, in a process of its own. */
import { entryOf, freePort, type ServiceRow, serviceRow, spawnService } from '@atelier/local-mesh';
import type { Bundle } from '@atelier/models';

/** Starts it and waits until it answers. @param threads of its networks. */
export async function startService(
  name: ServiceRow['name'],
  bundle: Bundle,
  threads: number,
): Promise<{ readonly address: string; stop(): Promise<unknown> }> {
  const service = spawnService({
    name,
    entry: entryOf(serviceRow(name)),
    address: `127.0.0.1:${await freePort()}`,
    env: { ATELIER_MODEL_BUNDLE: bundle.path, ATELIER_INFERENCE_THREADS: String(threads) },
    onLine: () => {},
  });
  try {
    await service.ready();
  } catch (error) {
    await service.stop();
    throw error;
  }
  return service;
}
