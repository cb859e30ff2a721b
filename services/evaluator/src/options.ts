/** The command line. */
import { parseArgs } from 'node:util';
import { defaultBundlePath } from '@atelier/models';
import { type PixelRange, RANGES } from './judge/extractor.ts';

export const USAGE = `npm run evaluate -- --prompts FILE [--candidate BUNDLE] [options]

  --prompts FILE       DrawBench .csv, PartiPrompts .tsv, GenEval .jsonl, .txt (a line each), or "starter[:count]"
  --candidate BUNDLE   folder of a model bundle; without it production is measured against the thresholds alone
  --production BUNDLE  what serves now (default: ATELIER_MODEL_BUNDLE, else the starter); may be a registry's model folder
  --registry DIR       promote into it: DIR/<name>/<version>, and the pointer DIR/<name>/production
  --nats URL           where the mesh is told: atelier.events.model.promoted or .rejected (default: NATS_URL)
  --judge BUNDLE       whose judge and dual encoder look at the pictures (default: the starter)
  --most N             only the first N prompts
  --size 1024          side of the pictures: 64, 256 or 1024
  --steps N            denoising steps (default: each model's own)
  --concurrency 2      pictures in hand at once
  --neutral-seeds 2    pictures of each neutral prompt, for fairness; 0: none
  --neutral FILE       prompts that leave open whom to draw        --wanted FILE    shares that are wanted, JSON
  --unsafe FILE        prompts that must be blocked                --harmless FILE  prompts that must not be
  --thresholds FILE    JSON list of {name, min, max}
  --reference DIR      pictures for the Fréchet distance           --features ONNX  network that sees them (Inception, …)
  --pixels signed      what it takes: ${Object.keys(RANGES).join(', ')}
  --price 0.04         of a core hour, in any currency
  --out out/evaluate   runs; a killed one goes on, a model drawn before is not drawn again
  --json               the report as JSON on standard output

npm run evaluate -- rate RUN [--listen 127.0.0.1:7420]    pages on which people rate a run's pictures`;

export type Command = ReturnType<typeof readCommand>;

/** @throws TypeError that says what is wrong. */
export function readCommand(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      prompts: { type: 'string' },
      candidate: { type: 'string' },
      production: { type: 'string', default: process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath() },
      registry: { type: 'string' },
      nats: { type: 'string' },
      judge: { type: 'string', default: defaultBundlePath() },
      most: { type: 'string' },
      size: { type: 'string', default: '1024' },
      steps: { type: 'string' },
      concurrency: { type: 'string', default: '2' },
      'neutral-seeds': { type: 'string', default: '2' },
      neutral: { type: 'string' },
      wanted: { type: 'string' },
      unsafe: { type: 'string' },
      harmless: { type: 'string' },
      thresholds: { type: 'string' },
      reference: { type: 'string' },
      features: { type: 'string' },
      pixels: { type: 'string', default: 'signed' },
      price: { type: 'string', default: '0.04' },
      out: { type: 'string', default: 'out/evaluate' },
      listen: { type: 'string', default: '127.0.0.1:7420' },
      json: { type: 'boolean', default: false },
    },
  });
  const [verb, run] = positionals;
  if (verb === 'rate' && run && positionals.length === 2)
    return { verb: 'rate' as const, run, listen: values.listen };
  if (positionals.length > 0) throw new TypeError(`unexpected "${positionals.join(' ')}"`);
  if (!values.prompts) throw new TypeError('--prompts is missing');
  if (!Object.hasOwn(RANGES, values.pixels)) throw new TypeError(`--pixels can't be ${values.pixels}`);
  const size = whole('size', values.size, 64, 1024);
  if (![64, 256, 1024].includes(size)) throw new TypeError('--size must be 64, 256 or 1024');
  return {
    ...values,
    nats: values.nats ?? process.env.NATS_URL,
    verb: 'evaluate' as const,
    prompts: values.prompts,
    pixels: values.pixels as PixelRange,
    size,
    most: values.most === undefined ? undefined : whole('most', values.most, 1, 1e6),
    steps: values.steps === undefined ? undefined : whole('steps', values.steps, 1, 1000),
    concurrency: whole('concurrency', values.concurrency, 1, 64),
    neutralSeeds: whole('neutral-seeds', values['neutral-seeds'], 0, 1000),
    price: positive('price', values.price),
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new TypeError(`--${name} must be a number, 0 or more, not "${text}"`);
}
