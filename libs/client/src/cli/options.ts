/** The command line: what may be asked for, checked before anything is started. */
import { parseArgs } from 'node:util';
import { promptViolations } from '@atelier/contracts';
import type { CreateGeneration } from '../client.ts';

export const USAGE = `Usage: npm run generate -- "<prompt>" [options]

  --out <file>        where the PNG goes; default out/<prompt>-<seed>.png
  --seed <n>          0 to 4294967295; the same seed and prompt give the same picture; default: a random one
  --steps <n>         denoising steps, 1 to 1000; default: the model's
  --guidance <x>      how closely to follow the prompt, 0 to 30; default: the model's
  --negative <text>   what to leave out
  --count <n>         pictures, 1 to 8, with consecutive seeds; default 1
  --size <n>          side in pixels: 64, 256 or 1024; default 1024
  --no-enhance        draw the prompt as it is
  --json              one line of JSON on standard output
  --help              this text

Without ATELIER_ADDRESS a private mesh is started and ended. Exit status: 0 done, 1 failed, 2 wrong use, 3 blocked.`;

export interface Options {
  request: CreateGeneration;
  out: string | undefined;
  json: boolean;
}

/** What is wrong with a command line, one complaint a line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const SIZES = [64, 256, 1024];

/** Read the arguments after the program's name. Null: help is asked for. Throws UsageError. */
export function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const complaints: string[] = [];
  const number = (name: 'seed' | 'steps' | 'guidance' | 'count' | 'size', low: number, high: number) => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const whole = name === 'guidance' || Number.isInteger(value);
    if (whole && value >= low && value <= high) return value;
    complaints.push(
      `--${name} must be ${name === 'guidance' ? 'a number' : 'an integer'} from ${low} to ${high}`,
    );
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
    request: { prompt, negativePrompt, enhance: !values['no-enhance'], ...Object.fromEntries(known) },
    out: values.out,
    json: values.json,
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
        'no-enhance': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
