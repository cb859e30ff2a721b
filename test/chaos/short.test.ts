/** Each scenario of `npm run chaos`, at about a tenth of its length. */
import { expect, test } from 'vitest';
import { SCENARIOS } from './scenarios.ts';

/** Figures of speed need a machine of one's own; what may never happen may not happen here either. */
const OF_SPEED = /P99|outage/;

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario.promise, scenario] as const))(
  '%s: %s',
  async (_, _promise, scenario) => {
    const { broken, figures } = await scenario.run({ short: true, say: () => {} });
    expect(
      broken.filter((what) => !OF_SPEED.test(what)),
      JSON.stringify(figures),
    ).toEqual([]);
  },
  600_000,
);
