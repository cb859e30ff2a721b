/**
 * `npm run worth -- <bundle> [--prompts 1500] [--dry-run]`
 *
 * Draws held-out prompts with and without phrases that enhancement may add, learns what words do to pictures, and enters it into
 * the manifest, where the enhancer reads it. Exit status 2: wrong use.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { openBundle } from '@atelier/models';
import { heldOutPrompts } from '../../bench/starter/prompts.ts';
import { changeManifest } from '../trial.ts';
import { learnWorth } from './learn.ts';
import { tryPhrases } from './trials.ts';

/** The first ones are what `npm run bench -- enhancement` measures with. */
const FIRST = 1_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    prompts: { type: 'string', default: '1500' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const [path] = positionals;
const count = Number(values.prompts);

if (!path || positionals.length !== 1 || !(count >= 1)) {
  console.error('usage: npm run worth -- <bundle> [--prompts <n ≥ 1>] [--dry-run]');
  process.exitCode = 2;
} else {
  const prompts = heldOutPrompts(FIRST + count).slice(FIRST);
  const trials = await tryPhrases(await openBundle(path), prompts, availableParallelism(), (line) =>
    console.error(line),
  );
  const worth = learnWorth(trials);
  if (!values['dry-run'])
    await changeManifest(path, (manifest) => {
      const role = manifest.roles.enhancer;
      if (role) role.config = { ...role.config, worth };
    });
  console.log(JSON.stringify({ trials: trials.length, worth }));
}
