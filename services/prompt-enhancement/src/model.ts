/** The bundle's enhancer: a causal language model that goes on behind a finished prompt with phrases for a fuller one. */
import { InferenceError, type SessionOptions } from '@atelier/inference';
import { generate, openCausalModel } from '@atelier/language-model';
import { type ModelIdentity, openBundle } from '@atelier/models';
import { z } from 'zod';
import { withoutIdentity } from './people.ts';
import { uniform } from './seeded.ts';
import { type Worth, WorthSchema, worthOf } from './worth.ts';

const ROLE = 'enhancer';

/** Prompts that may wait for the model; more are enhanced by rules. */
const MAX_QUEUED = 8;

/** What a busy model answers. */
const TOO_LATE = ['RUN_ABORTED', 'QUEUE_FULL'];

const ConfigSchema = z.object({
  /** What stands between the prompt and what is added: a token, or text; models that just write on want ", ". */
  separator: z.string().min(1).default(', '),
  temperature: z.number().positive().default(0.8),
  topP: z.number().positive().max(1).default(0.95),
  /** Most tokens that are added. */
  maxTokens: z.int().min(1).max(512).default(40),
  /** Without it all phrases are alike. */
  worth: WorthSchema.optional(),
});

export interface Enhancer {
  identity: ModelIdentity;
  /** What was learnt of phrases, the rules' ones too; it goes with the models that draw them. */
  worth: Worth | undefined;
  /**
   * Phrases for a fuller prompt: the same for the same seed, and for prompts that differ in who is shown. None where the prompt is too
   * long for the model, or the model too busy or too slow.
   */
  propose(prompt: string, seed: number, signal: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}

/** Loads the role `enhancer`; undefined where the bundle has none. Throws BundleError or InferenceError naming the file. */
export async function loadEnhancer(
  bundlePath: string,
  session: Omit<SessionOptions, 'name' | 'maxQueued'>,
): Promise<Enhancer | undefined> {
  const present = await openBundle(bundlePath, { roles: [] });
  if (!present.has(ROLE)) return undefined;
  const bundle = await openBundle(bundlePath, { roles: [ROLE] }); // checks its files against the manifest
  const { separator, maxTokens, worth, ...sampling } = bundle.config(ROLE, ConfigSchema);
  const model = await openCausalModel(bundle, ROLE, { ...session, maxQueued: MAX_QUEUED, inline: true });
  const token = model.tokenizer.tokenId(separator);
  const between = token === undefined ? model.tokenizer.encode(separator, { special: false }) : [token];
  return {
    identity: bundle.identity(ROLE),
    worth: worth && worthOf(worth),
    async propose(prompt, seed, signal) {
      const ids = [...model.encode(withoutIdentity(prompt)), ...between];
      if (ids.length + maxTokens > model.context) return [];
      try {
        const added = await generate(model, ids, {
          ...sampling,
          maxTokens,
          uniform: (place) => uniform(seed, `model/${place}`),
          signal,
        });
        if (added.length === 0) return [];
        const ended = added.length < maxTokens;
        return phrasesOf(model.tokenizer.decode(added), ended);
      } catch (error) {
        if (error instanceof InferenceError && TOO_LATE.includes(error.reason)) return [];
        throw error;
      }
    },
    close: () => model.close(),
  };
}

/** The phrases of a line: between commas, up to the end of the first sentence; of a text without end the last is incomplete. */
export function phrasesOf(text: string, ended: boolean): string[] {
  const [line = ''] = text.split(/[\n.!?]/);
  const phrases = line.split(/[,;]/).map((phrase) => phrase.replace(/\s+/g, ' ').trim());
  const whole = ended || line !== text ? phrases : phrases.slice(0, -1);
  return whole.filter(Boolean);
}
