import {
  createSession,
  floatOutput,
  InferenceError,
  MersenneTwister,
  type SessionOptions,
  tensor,
} from '@atelier/inference';
import type { Bundle } from '@atelier/models';
import type { Conditioning } from './conditioning.ts';

/** The role of a network that draws at random what a prompt leaves open, as scenes have it. */
export const PRIOR_ROLE = 'prior';

const INPUTS = ['hidden_states', 'negative_hidden_states', 'uniform'] as const;

/** Parts a seed's stream for the prior from the noise's: 2³² divided by the golden ratio (Knuth, TAOCP 3, 6.4). */
const STREAM = 0x9e3779b9;

/** Completes what a picture is steered by (Ramesh et al. 2022, section 2.2, for attributes instead of an image embedding). */
export interface Prior {
  /**
   * The conditioning of a whole scene that agrees with the prompt's and has nothing of the negative's, the same for the same
   * seed. A conditioning of another shape than the network's comes back as it is: it isn't this bundle's text encoder's.
   * @throws InferenceError of the network.
   */
  complete(prompt: Conditioning, negative: Conditioning | undefined, seed: number): Promise<Conditioning>;
  close(): Promise<void>;
}

/** The bundle's prior, undefined where it has none. @throws BundleError or InferenceError naming the file and the tensor. */
export async function loadPrior(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'>,
): Promise<Prior | undefined> {
  if (!bundle.has(PRIOR_ROLE)) return undefined;
  const file = bundle.file(PRIOR_ROLE);
  const session = await createSession(file, { name: PRIOR_ROLE, inline: true, ...options });
  const shapes = INPUTS.map((name) => session.inputs.find((input) => input.name === name)?.shape);
  const missing = INPUTS.find((_, i) => !shapes[i]);
  const [, keys, dim] = shapes[0] ?? [];
  if (missing || typeof keys !== 'number' || typeof dim !== 'number') {
    await session.close();
    const what = missing ? `has no input "${missing}"` : `leaves the sizes of "${INPUTS[0]}" free`;
    throw new InferenceError('MODEL_LOAD_FAILED', `${file} ${what}`);
  }
  const fits = ({ states }: Conditioning): boolean => states.dims[0] === keys && states.dims[1] === dim;

  return {
    async complete(prompt, negative, seed) {
      if (!fits(prompt) || (negative && !fits(negative))) return prompt;
      const random = new MersenneTwister(seed ^ STREAM);
      const outputs = await session.run({
        hidden_states: tensor('float32', [1, keys, dim], prompt.states.data.slice()),
        // Without a negative prompt the prompt stands in: what it states is settled, so nothing is kept from being drawn.
        negative_hidden_states: tensor('float32', [1, keys, dim], (negative ?? prompt).states.data.slice()),
        uniform: tensor(
          'float32',
          [1, keys],
          Float32Array.from({ length: keys }, () => random.nextFloat24()),
        ),
      });
      const { data } = floatOutput(outputs, 'complete_hidden_states');
      const pooled = floatOutput(outputs, 'pooled').data;
      return {
        states: tensor('float32', [keys, dim], data),
        mask: prompt.mask,
        pooled: tensor('float32', [pooled.length], pooled),
      };
    },
    close: () => session.close(),
  };
}
