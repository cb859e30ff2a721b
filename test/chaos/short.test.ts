/** The scenarios of `npm run chaos` that tell something at a tenth of their length; the others need minutes of a machine of their own. */
import { expect, test } from 'vitest';
import { SCENARIOS } from './scenarios.ts';

const SHORT = SCENARIOS.filter(({ name }) => name === 'kills' || name === 'failpoints');

test.each(SHORT.map((scenario) => [scenario.name, scenario.promise, scenario] as const))(
  '%s: %s',
  async (_, _promise, scenario) => {
    const { broken, figures } = await scenario.run({ short: true, say: () => {} });
    expect(broken, JSON.stringify(figures)).toEqual([]);
  },
  600_000,
);
