/** `npm run chaos [-- <scenario> …] [--short] [--json]`: break a mesh on purpose, and tell in numbers what it took. */
import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(
    `no scenario ${unknown.join(', ')}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}
for (const { name, promise, run } of SCENARIOS) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.error(`── ${name}: ${promise}`);
  const { figures, broken } = await run({ short: values.short, say: (line) => console.error(`   ${line}`) });
  if (values.json) console.log(JSON.stringify({ scenario: name, short: values.short, ...figures, broken }));
  else console.log(name, figures);
  if (broken.length === 0) continue;
  console.error(`   broken: ${broken.join('; ')}`);
  process.exitCode = 1;
}
