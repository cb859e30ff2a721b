/** Pictures in words: what the dual encoder's image tower sees, written token by token. */
import { createSession, floatOutput, type SessionOptions, tensor } from '@atelier/inference';
import { type Bundle, BundleError, loadTokenizer, type ModelIdentity } from '@atelier/models';
import { z } from 'zod';
import { decode, type NextToken } from './decode.ts';

const ROLE = 'captioner';
const [START, END] = ['[CLS]', '[SEP]'];

const ConfigSchema = z.object({
  /** Most tokens of a caption, the start token included. */
  window: z.int().min(2),
  features: z.int().min(1),
  /** The image tower whose features it learnt to read. */
  dualEncoderSha256: z.string(),
});

export interface Captioner {
  readonly identity: ModelIdentity;
  /**
   * @param features of a picture, from the same bundle's dual encoder.
   * @param beams 1 is greedy; more look further for the likeliest wording.
   */
  caption(features: Float32Array, beams?: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Loads the role `captioner`.
 * @throws BundleError CONFIG_INVALID when it was trained on another dual encoder than the bundle's.
 */
export async function openCaptioner(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'> = {},
): Promise<Captioner> {
  const config = bundle.config(ROLE, ConfigSchema);
  if (config.dualEncoderSha256 !== bundle.identity('dual_encoder', 'image').sha256)
    throw new BundleError(
      'CONFIG_INVALID',
      `The ${ROLE} of ${bundle.path} was trained for another dual encoder`,
    );
  const tokenizer = await loadTokenizer(bundle.file(ROLE, 'tokenizer'));
  const [start, end] = [tokenizer.tokenId(START), tokenizer.tokenId(END)];
  if (start === undefined || end === undefined)
    throw new BundleError('CONFIG_INVALID', `The tokenizer of ${ROLE} has no ${START} or ${END}`);
  const session = await createSession(bundle.file(ROLE), { ...options, name: ROLE });
  return {
    identity: bundle.identity(ROLE),
    async caption(features, beams = 1) {
      const next: NextToken = async (prefixes) => {
        const [rows, length] = [prefixes.length, (prefixes[0] as readonly number[]).length];
        const seen = new Float32Array(rows * features.length);
        for (let row = 0; row < rows; row++) seen.set(features, row * features.length);
        const outputs = await session.run({
          features: tensor('float32', [rows, features.length], seen),
          input_ids: tensor('int64', [rows, length], BigInt64Array.from(prefixes.flat(), BigInt)),
        });
        return lastLogProbabilities(floatOutput(outputs, 'logits').data, rows, length);
      };
      const ids = await decode(next, { start, end, window: config.window, beams });
      return sentence(tokenizer.decode(ids));
    },
    close: () => session.close(),
  };
}

/** Of logits [rows, length, vocabulary], the log probabilities at the last place of each row. */
function lastLogProbabilities(logits: Float32Array, rows: number, length: number): Float32Array[] {
  const size = logits.length / rows / length;
  return Array.from({ length: rows }, (_, row) => {
    const last = logits.subarray(((row + 1) * length - 1) * size, (row + 1) * length * size);
    const most = last.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = last.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
    return last.map((logit) => logit - most - Math.log(total));
  });
}

/** Word pieces put together, no blank before punctuation. */
export function sentence(pieces: string): string {
  return pieces
    .replaceAll(' ##', '')
    .replace(/ ([.,:!?])/g, '$1')
    .replace(/(\w) - (\w)/g, '$1-$2')
    .trim();
}
