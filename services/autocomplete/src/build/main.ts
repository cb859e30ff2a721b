/** Builds the prompt index of a bundle: node src/build/main.ts [--bundle <folder>] [--out <file>] [--scenes n] [--max-prompts n] */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { defaultBundlePath } from '@atelier/models';
import { fold } from '../fold.ts';
import { packIndex } from '../index-file.ts';
import { NgramModel } from '../ngram.ts';
import { packNgrams } from '../ngram-file.ts';
import { writeRole } from './bundle-role.ts';
import { countCaptions } from './captions.ts';
import { keepSafe } from './safe-prompts.ts';

const LANGUAGE = 'en';
/** What the bundle has room for, bytes. */
const MAX_BYTES = 2_000_000;

const { values } = parseArgs({
  options: {
    bundle: { type: 'string', default: defaultBundlePath() },
    out: { type: 'string' },
    scenes: { type: 'string', default: '60000' },
    'max-prompts': { type: 'string', default: '80000' },
    'first-seed': { type: 'string', default: '10000000' },
  },
});
const options = {
  firstSeed: Number(values['first-seed']),
  scenes: Number(values.scenes),
  maxPrompts: Number(values['max-prompts']),
};

const counted = countCaptions(options);
const safe = await keepSafe(counted, LANGUAGE, values.bundle);
const index = packIndex(LANGUAGE, safe);
const observed = safe.map(({ text, popularity }) => ({ key: fold(text), times: popularity }));
const ngrams = packNgrams(NgramModel.learn(observed));
const bytes = index.length + ngrams.length;
if (bytes > MAX_BYTES) throw new Error(`the index has ${bytes} bytes, more than ${MAX_BYTES}`);
if (values.out) await writeFile(values.out, index);
else
  await writeRole(values.bundle, { index, ngrams }, { language: LANGUAGE, prompts: safe.length, ...options });
console.log(JSON.stringify({ prompts: safe.length, blocked: counted.length - safe.length, bytes }));
