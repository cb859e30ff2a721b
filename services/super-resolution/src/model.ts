import {
  createSession,
  float32Output,
  type InferenceSession,
  releaseTensor,
  type SessionOptions,
} from '@atelier/inference';
import type { Bundle, ModelIdentity } from '@atelier/models';
import { trace } from '@opentelemetry/api';
import { FACTOR } from './cascade.ts';
import { fromPlanes, type Picture, toPlanes } from './picture.ts';

/** Sides that networks may produce, smallest first; each is the bundle role `super_resolution_<side>`. */
export const TARGETS = [256, 1024] as const;
export const roleOf = (target: number): string => `super_resolution_${target}`;

const tracer = trace.getTracer('@atelier/super-resolution');

/** The networks that enlarge pictures four times a side each. */
export interface Upscaler {
  /** Sides the networks at hand produce, smallest first. */
  readonly targets: readonly number[];
  /** Runs waiting or computing. */
  readonly pending: number;
  /** Mean time of a recent run to the largest side, milliseconds; 0 before the first. */
  readonly runMs: number;
  /** Enlarges a picture to `target` = 4 × its side. */
  upscale(picture: Picture, target: number, signal?: AbortSignal): Promise<Picture>;
  identity(target: number): ModelIdentity;
  close(): Promise<void>;
}

/** Loads the bundle's networks, at least one. @throws BundleError or InferenceError naming the file. */
export async function loadUpscaler(bundle: Bundle, options: Omit<SessionOptions, 'name'>): Promise<Upscaler> {
  const targets = TARGETS.filter((target) => bundle.has(roleOf(target)));
  if (targets.length === 0) throw new TypeError(`The bundle ${bundle.path} has no role "${roleOf(256)}"`);
  const sessions = new Map<number, InferenceSession>();
  let first: InferenceSession | undefined;
  for (const target of targets) {
    const name = roleOf(target);
    // One thread for all: a picture needs them one after another, and two pictures at once would share the cores anyway.
    const session = await createSession(bundle.file(name), {
      name,
      ...options,
      ...(first && { beside: first }),
    });
    first ??= session;
    sessions.set(target, session);
  }
  let runMs = 0;
  return {
    targets,
    identity: (target) => bundle.identity(roleOf(target)),
    get pending() {
      return [...sessions.values()].reduce((sum, { pending }) => sum + pending, 0);
    },
    get runMs() {
      return runMs;
    },
    async upscale(picture, target, signal) {
      const session = sessions.get(target);
      if (!session || target !== picture.side * FACTOR)
        throw new RangeError(`No network from ${picture.side} to ${target}`);
      return await tracer.startActiveSpan(`super_resolution.${target}`, async (span) => {
        try {
          const [input, output] = [session.inputs[0]?.name ?? '', session.outputs[0]?.name ?? ''];
          const { outputs, computeMs } = await session.runTimed(
            { [input]: toPlanes(picture) },
            signal && { signal },
          );
          span.setAttribute('inference.compute_ms', computeMs);
          runMs = computeMs;
          const planes = float32Output(outputs, output);
          const enlarged = await fromPlanes(planes.data, target);
          releaseTensor(planes);
          return enlarged;
        } finally {
          span.end();
        }
      });
    },
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()));
    },
  };
}

/** Enlarges nothing once through every network, so that the first request finds memory and kernels ready. */
export async function warm(upscaler: Upscaler): Promise<void> {
  for (const target of upscaler.targets) {
    const side = target / FACTOR;
    await upscaler.upscale({ side, rgb: new Uint8Array(side * side * 3) }, target);
  }
}
