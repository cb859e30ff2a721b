/** The command line: what may be asked for, checked before anything is started. */
import { parseArgs } from 'node:util';
import {
  type GenerationOptionsSchema,
  type MessageInitShape,
  promptViolations,
  Sampler,
} from '@atelier/contracts';
import type { CreateGeneration } from '../client.ts';

/** Names of samplers as they are typed, "euler-ancestral". */
const SAMPLERS = Object.keys(Sampler)
  .filter((name) => name !== 'UNSPECIFIED')
  .map((name) => name.toLowerCase().replaceAll('_', '-'));

export const USAGE = `Usage: npm run generate -- "<prompt>" [options]

  --out <file>        where the PNG goes; default out/<prompt>-<seed>.png
  --seed <n>          0 to 4294967295; the same seed and prompt give the same picture; default: a random one
  --steps <n>         denoising steps, 1 to 1000; default: the model's
  --guidance <x>      how closely to follow the prompt, 0 to 30; default: the model's
  --negative <text>   what to leave out
  --count <n>         pictures, 1 to 8, with consecutive seeds; default 1
  --size <n>          side in pixels: 64, 256 or 1024; default 1024
  --sampler <name>    ${SAMPLERS.slice(0, 5).join(', ')},
                      ${SAMPLERS.slice(5).join(', ')}; default: the model's
  --profile <name>    tested settings of sampling, as the model has them: quality, balanced, turbo
  --init <file>       picture to begin from: PNG, JPEG or WebP
  --strength <x>      how far to change it, above 0 to 1; default 0.8, and 1 with a mask
  --mask <file>       what of it to draw anew: white; black stays
  --no-enhance        draw the prompt as it is
  --json              one line of JSON on standard output
  --help              this text

Without ATELIER_ADDRESS a private mesh is started and ended. Exit status: 0 done, 1 failed, 2 wrong use, 3 blocked.`;

/** Fields of a request, and of its options, that are not messages yet. */
type Fields<T> = Exclude<T, { $typeName: string }>;

export interface Options {
  request: Fields<CreateGeneration>;
  /** How it is sampled, pictures apart. */
  options: Fields<MessageInitShape<typeof GenerationOptionsSchema>>;
  /** Files of the picture to begin from and of its mask, as they were typed. */
  init?: string;
  mask?: string;
  out: string | undefined;
  json: boolean;
}

/** What is wrong with a command line, one complaint a line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const SIZES = [64, 256, 1024];

type NumberOption = 'seed' | 'steps' | 'guidance' | 'count' | 'size' | 'strength';
/** Those that need not be whole. */
const FRACTIONS: readonly NumberOption[] = ['guidance', 'strength'];
/** Least strength that can be typed; a whole step of many is more. */
const LEAST_STRENGTH = 0.001;

/** Read the arguments after the program's name. Null: help is asked for. Throws UsageError. */
export function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const complaints: string[] = [];
  const number = (name: NumberOption, low: number, high: number) => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const fraction = FRACTIONS.includes(name);
    if ((fraction || Number.isInteger(value)) && value >= low && value <= high) return value;
    complaints.push(`--${name} must be ${fraction ? 'a number' : 'an integer'} from ${low} to ${high}`);
    return undefined;
  };
  const given = {
    seed: number('seed', 0, 2 ** 32 - 1),
    steps: number('steps', 1, 1000),
    guidanceScale: number('guidance', 0, 30),
    count: number('count', 1, 8),
    size: number('size', 64, 1024),
  };
  if (given.size !== undefined && !SIZES.includes(given.size))
    complaints.push('--size must be 64, 256 or 1024');
  const options = samplingOf(values, number('strength', LEAST_STRENGTH, 1), complaints);
  const [prompt = ''] = positionals;
  if (positionals.length !== 1) complaints.push('one prompt is wanted, in quotation marks');
  else
    for (const { description } of promptViolations('prompt', prompt))
      complaints.push(`the prompt ${description}`);
  const negativePrompt = values.negative ?? '';
  for (const { description } of promptViolations('negative', negativePrompt, { minWords: 0 }))
    complaints.push(`--negative ${description}`);
  if (complaints.length > 0) throw new UsageError(complaints.join('\n'));
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    request: {
      prompt,
      negativePrompt,
      enhance: !values['no-enhance'],
      ...Object.fromEntries(known),
    },
    options,
    ...(values.init !== undefined && { init: values.init }),
    ...(values.mask !== undefined && { mask: values.mask }),
    out: values.out,
    json: values.json,
  };
}

function samplingOf(
  {
    profile,
    sampler,
    init,
    mask,
    strength: typed,
  }: { [name in 'profile' | 'sampler' | 'init' | 'mask' | 'strength']?: string },
  strength: number | undefined,
  complaints: string[],
): { profile?: string; sampler?: Sampler; strength?: number } {
  if (profile !== undefined && !/^[a-z0-9-]{1,64}$/.test(profile))
    complaints.push('--profile must be 1 to 64 characters of [a-z0-9-]');
  if (sampler !== undefined && !SAMPLERS.includes(sampler))
    complaints.push(`--sampler must be one of ${SAMPLERS.join(', ')}`);
  for (const [name, value] of Object.entries({ mask, strength: typed }))
    if (value !== undefined && init === undefined) complaints.push(`--${name} needs --init`);
  const known = sampler && Sampler[sampler.toUpperCase().replaceAll('-', '_') as keyof typeof Sampler];
  return {
    ...(profile !== undefined && { profile }),
    ...(known && { sampler: known }),
    ...(strength !== undefined && { strength }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        seed: { type: 'string' },
        steps: { type: 'string' },
        guidance: { type: 'string' },
        negative: { type: 'string' },
        count: { type: 'string' },
        size: { type: 'string' },
        profile: { type: 'string' },
        sampler: { type: 'string' },
        init: { type: 'string' },
        strength: { type: 'string' },
        mask: { type: 'string' },
        'no-enhance': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
