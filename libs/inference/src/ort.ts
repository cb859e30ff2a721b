import { InferenceSession } from 'onnxruntime-node';
import type { InferenceReason } from './errors.ts';
import type { TensorSpec, WorkerSetup } from './protocol.ts';
import type { TensorType } from './tensor.ts';

/** An open ONNX Runtime session with the shapes of its inputs and outputs. */
export interface OpenedSession {
  readonly session: InferenceSession;
  readonly inputs: TensorSpec[];
  readonly outputs: TensorSpec[];
}
/** Why a session could not be opened. */
export interface RefusedSession {
  readonly reason: InferenceReason;
  readonly message: string;
}

/**
 * How long a thread looks out for the next operator before it sleeps, microseconds. Operators follow each other within that, and to be
 * woken takes longer: the starter's denoiser is a tenth faster than without. Threads that spin for long starve the event loop of a
 * machine with as many workers as cores.
 */
const SPIN_US = '50';

/** Session options that every model here runs with. One run at a time, so parallelism lives within operators. */
export function sessionOptions(
  setup: Omit<WorkerSetup, 'model' | 'niceness'>,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [...setup.providers],
    intraOpNumThreads: setup.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // A plan of one shape's memory is kept beside what the first run took: a third more memory for no time.
    enableMemPattern: false,
    extra: { session: { intra_op: setup.spinning ? {} : { spin_duration_us: SPIN_US } } },
  };
}

/** Opens a model on the calling thread, which it blocks: for workers and benchmarks only. */
export async function openOrtSession(setup: WorkerSetup): Promise<OpenedSession | RefusedSession> {
  try {
    const options = sessionOptions(setup);
    const session = await (typeof setup.model === 'string'
      ? InferenceSession.create(setup.model, options)
      : InferenceSession.create(setup.model, options));
    return { session, inputs: specs(session.inputMetadata), outputs: specs(session.outputMetadata) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const accelerator = setup.providers.find((provider) => provider !== 'cpu');
    // ONNX Runtime reports a provider whose libraries are missing by the provider's name, in one of several wordings.
    return accelerator && new RegExp(`${accelerator}|provider|backend`, 'i').test(detail)
      ? { reason: 'PROVIDER_UNAVAILABLE', message: `"${accelerator}" cannot run on this machine: ${detail}` }
      : { reason: 'MODEL_LOAD_FAILED', message: detail };
  }
}

function specs(metadata: readonly InferenceSession.ValueMetadata[]): TensorSpec[] {
  return metadata.map((value) => {
    if (!value.isTensor) throw new Error(`"${value.name}" is not a tensor`);
    return { name: value.name, type: value.type as TensorType, shape: value.shape };
  });
}
