/** nsfwjs as a member of the ensemble: five classes of photographs and drawings, computed by ONNX Runtime. */
import { readFileSync } from 'node:fs';
import { float32Output, tensor } from '@atelier/inference';
import { internal, RpcError, resourceExhausted } from '@atelier/rpc';
import type { Pixels } from '../picture.ts';
import type { Classifier, ClassifierVersion } from './classifier.ts';
import { CLASSES, INPUT_SIDE, nsfwModel } from './nsfwjs-weights.ts';
import { writePlanes } from './planes.ts';
import { RevivingSession } from './reviving-session.ts';
import { views } from './views.ts';

export interface NsfwOptions {
  /** Pictures that may wait or compute at once. */
  readonly maxQueued: number;
  /** A model that does not answer for so long is loaded anew, milliseconds. */
  readonly timeoutMs: number;
}

/** What a caller is told to wait when the queue is full: about one picture's time, milliseconds. */
const RETRY_AFTER_MS = 100;

/** Loads the classifier. @throws Error when the package's weights are not as expected or can't be loaded. */
export async function createNsfwClassifier(options: NsfwOptions): Promise<Classifier> {
  const { onnx, sha256 } = await nsfwModel();
  const classifier = new NsfwClassifier(onnx, sha256, options);
  await classifier.ready();
  return classifier;
}

class NsfwClassifier implements Classifier {
  readonly version: ClassifierVersion;
  readonly #session: RevivingSession;
  readonly #maxQueued: number;
  #pending = 0;

  constructor(onnx: Uint8Array, sha256: string, { maxQueued, timeoutMs }: NsfwOptions) {
    // Ten megabytes that are kept no longer than it takes to load them: should that happen again, they are made again.
    let made: Uint8Array | undefined = onnx;
    const model = async (): Promise<Uint8Array> => {
      const bytes = made ?? (await nsfwModel()).onnx;
      made = undefined;
      return bytes;
    };
    this.#session = new RevivingSession(model, { name: 'nsfwjs', timeoutMs });
    this.#maxQueued = maxQueued;
    this.version = { name: 'nsfwjs/mobilenet_v2', version: packageVersion(), sha256 };
  }

  ready(): Promise<void> {
    return this.#session.ready();
  }

  async classify(picture: Pixels, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
    if (this.#pending >= this.#maxQueued) {
      throw resourceExhausted('too many pictures wait to be judged', RETRY_AFTER_MS, 'QUEUE_FULL');
    }
    this.#pending++;
    try {
      const inputs = await views(picture, INPUT_SIDE);
      const scores = await this.#scores(inputs, signal);
      return Object.fromEntries(CLASSES.map((name, index) => [name, scores[index] ?? Number.NaN]));
    } catch (error) {
      if (error instanceof RpcError || signal.aborted) throw RpcError.from(error);
      throw internal('the picture could not be judged', error);
    } finally {
      this.#pending--;
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** Mean over the views of the probabilities, in the order of CLASSES. */
  async #scores(inputs: readonly Uint8Array[], signal: AbortSignal): Promise<readonly number[]> {
    const size = 3 * INPUT_SIDE * INPUT_SIDE;
    const planes = new Float32Array(inputs.length * size);
    inputs.forEach((view, index) => {
      writePlanes(view, planes, index * size, 1 / 255, 0);
    });
    const image = tensor('float32', [inputs.length, 3, INPUT_SIDE, INPUT_SIDE], planes);
    const { data } = float32Output(await this.#session.run({ image }, signal), 'scores');
    return CLASSES.map((_, index) => {
      let sum = 0;
      for (let view = 0; view < inputs.length; view++) sum += data[view * CLASSES.length + index] as number;
      return sum / inputs.length;
    });
  }
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: { nsfwjs: string };
  };
  return manifest.dependencies.nsfwjs;
}
