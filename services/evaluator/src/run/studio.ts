/** A mesh of its own on one bundle: what the evaluator draws with, and what drawing costs there. */
import { type Atelier, createAtelier } from '@atelier/client';
import { cpuMs, peakRssMb, type ServiceName, startMesh } from '@atelier/local-mesh';
import type { Session } from './folder.ts';

/** Everything but autocomplete, which takes no part in a picture. */
const SERVICES: readonly ServiceName[] = [
  'orchestrator',
  'prompt-safety',
  'prompt-enhancement',
  'text-encoder',
  'diffusion',
  'harm-detection',
  'super-resolution',
];
const READY_TIMEOUT_MS = 600_000;

export interface Studio {
  readonly atelier: Atelier;
  /** `host:port` of a service. */
  address(name: ServiceName): string;
  /** Begins a session; the function it returns ends it, given how many pictures were drawn. */
  meter(): (pictures: number) => Session;
  close(): Promise<void>;
}

/** Starts the mesh. @param bundlePath folder of the bundle that all its services load. */
export async function openStudio(bundlePath: string, concurrency: number): Promise<Studio> {
  const mesh = await startMesh({
    services: SERVICES,
    freePorts: true,
    readyTimeoutMs: READY_TIMEOUT_MS,
    env: {
      ATELIER_MODEL_BUNDLE: bundlePath,
      ATELIER_LOG_LEVEL: 'warn',
      ATELIER_PREVIEW_EVERY_STEPS: '0',
      ATELIER_CONCURRENT_GENERATIONS: String(concurrency),
    },
  });
  const kill = (): void => mesh.killNow();
  process.once('exit', kill);
  const atelier = createAtelier({ address: mesh.address('orchestrator'), name: 'evaluator' });
  const total = (of: (pid: number) => number): number =>
    [...mesh.services.values()].reduce((sum, service) => sum + of(service.pid() as number), 0);
  return {
    atelier,
    address: (name) => mesh.address(name),
    meter() {
      const [began, cpu] = [performance.now(), total(cpuMs)];
      return (pictures) => ({
        pictures,
        wallSeconds: (performance.now() - began) / 1000,
        cpuSeconds: (total(cpuMs) - cpu) / 1000,
        peakRssMb: total(peakRssMb),
      });
    },
    async close() {
      process.off('exit', kill);
      atelier.close();
      await mesh.stop();
    },
  };
}
