import { InferenceError } from './errors.ts';

/**
 * Execution providers by ONNX Runtime's short names. ONNX Runtime silently drops names it doesn't know, so they are
 * checked here first; whether a known one can run on this machine only shows when a session is created.
 */
export const KNOWN_PROVIDERS = [
  'cpu',
  'cuda',
  'tensorrt',
  'coreml',
  'dml',
  'openvino',
  'qnn',
  'webgpu',
] as const;
export type Provider = (typeof KNOWN_PROVIDERS)[number];

/** Checks provider names, in order of preference. Throws UNKNOWN_PROVIDER naming the bad one and the known ones. */
export function parseProviders(names: readonly string[]): Provider[] {
  if (names.length === 0) {
    throw new InferenceError('UNKNOWN_PROVIDER', `No execution provider given; known: ${known()}`);
  }
  return names.map((name) => {
    const provider = KNOWN_PROVIDERS.find((candidate) => candidate === name);
    if (!provider) {
      throw new InferenceError('UNKNOWN_PROVIDER', `Unknown execution provider "${name}"; known: ${known()}`);
    }
    return provider;
  });
}

const known = (): string => KNOWN_PROVIDERS.join(', ');
