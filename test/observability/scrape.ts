/** A mesh whose metrics and traces can be asked for, after it has drawn a picture. */
import { createAtelier } from '@atelier/client';
import type { Generation } from '@atelier/contracts';
import { freePort, SERVICES } from '@atelier/local-mesh';
import { startMesh, type TestMesh } from '@atelier/testkit';

export interface ObservedMesh {
  mesh: TestMesh;
  /** host:port of each service's metrics, by service. */
  metrics: ReadonlyMap<string, string>;
  /** The generation that was drawn. */
  generation: Generation;
  stop(): Promise<void>;
}

/** Starts the mesh with a metrics address for each service, and draws one picture with enhancement. */
export async function observedMesh(env: NodeJS.ProcessEnv = {}): Promise<ObservedMesh> {
  const metrics = new Map<string, string>();
  for (const { name } of SERVICES) metrics.set(name, `127.0.0.1:${await freePort()}`);
  const mesh = await startMesh({
    env,
    envFor: Object.fromEntries([...metrics].map(([name, at]) => [name, { ATELIER_METRICS_ADDRESS: at }])),
    readyTimeoutMs: 180_000,
  });
  const address = mesh.address('orchestrator');
  const atelier = createAtelier({
    address,
    autocompleteAddress: mesh.address('autocomplete'),
    name: 'observer',
  });
  try {
    await atelier.suggest('a boat');
    const generation = await atelier.generate({
      prompt: 'A boat on an ocean',
      seed: 7,
      steps: 8,
      enhance: true,
    });
    return { mesh, metrics, generation, stop: () => mesh.stop() };
  } catch (error) {
    await mesh.stop();
    throw error;
  } finally {
    atelier.close();
  }
}

/** Metric names in Prometheus' text format, with their label names. */
export function metricNames(text: string): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, name, labels] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (!name) continue;
    const known = names.get(name) ?? new Set();
    for (const [, label] of (labels ?? '').matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label as string);
    names.set(name, known);
  }
  return names;
}
