/**
 * `npm run optimise -- <bundle> [--against <bundle>] [--profile <name>]… [--prompts 150] [--settings <json>] [--page <file>] [--dry-run] [--json]`
 *
 * Measures candidates for profiles against the full model and enters those that pass their gates into the bundle's manifest.
 * A compressed or distilled bundle is held `--against` the one it was made from.
 * Exit status: 0 every profile was promoted, 1 one was refused, 2 wrong use.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { type Profile, ProfileSchema } from '@atelier/models';
import { PROFILES, type ProfileName } from './candidates.ts';
import { type OptimiseOptions, optimise, winner } from './optimise.ts';
import { frontierPage } from './page.ts';
import { promote } from './trial.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    profile: { type: 'string', multiple: true, default: [...PROFILES] },
    prompts: { type: 'string', default: process.env.ATELIER_BENCH_PROMPTS ?? '150' },
    settings: { type: 'string' },
    page: { type: 'string', default: 'out/optimise/index.html' },
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [path] = positionals;
const names = values.profile as ProfileName[];
const prompts = Number(values.prompts);

if (!path || positionals.length !== 1 || !names.every((name) => PROFILES.includes(name)) || !(prompts >= 2)) {
  console.error(
    `usage: npm run optimise -- <bundle> [--against <bundle>] [--profile <${PROFILES.join('|')}>]… [--prompts <n ≥ 2>] [--settings <json>] [--page <file>] [--dry-run] [--json]`,
  );
  process.exitCode = 2;
} else {
  const log = (line: string): void => console.error(line);
  const options: OptimiseOptions = {
    names,
    prompts,
    log,
    ...(values.against && { against: values.against }),
    ...proposed(values.settings),
  };
  const outcome = await optimise(path, options);
  const found: [ProfileName, Profile][] = [];
  for (const name of names) {
    const profile = winner(outcome, name);
    if (profile) found.push([name, profile]);
  }
  if (!values['dry-run']) await promote(path, Object.fromEntries(found));
  await mkdir(dirname(values.page), { recursive: true });
  await writeFile(values.page, await frontierPage('Profiles: speed and quality', outcome));
  const tried = outcome.tried.map(({ name, profile, figures, fairness, reasons }) => {
    return { name, profile, figures, fairness, reasons };
  });
  if (values.json) console.log(JSON.stringify({ promoted: found.map(([name]) => name), tried }));
  else
    for (const { name, profile, reasons } of tried) {
      const verdict = reasons.length === 0 ? 'fit' : `refused: ${reasons.join('; ')}`;
      console.log(`${name} (${profile.sampler}, ${profile.steps} steps): ${verdict}`);
    }
  process.exitCode = found.length === names.length ? 0 : 1;
}

/** Settings from the command line in place of the catalogue's, for every profile asked for. */
function proposed(json: string | undefined): Pick<OptimiseOptions, 'proposals'> {
  if (json === undefined) return {};
  const own = ProfileSchema.parse(JSON.parse(json));
  return { proposals: Object.fromEntries(names.map((name) => [name, [own]])) };
}
