import { expect, test } from 'vitest';
import { FairShares } from './fair-shares.ts';

/** Serves whoever is next `turns` times and gives each flow's total. */
function serve(shares: FairShares, flows: Record<string, { weight: number; cost: number }>, turns: number) {
  const totals = Object.fromEntries(Object.keys(flows).map((name) => [name, 0]));
  for (let i = 0; i < turns; i++) {
    const [next] = Object.keys(flows).sort((a, b) => shares.compare(a, b)) as [string];
    const { weight, cost } = flows[next] as { weight: number; cost: number };
    shares.advanceTo(next);
    shares.charge(next, cost, weight);
    totals[next] = (totals[next] ?? 0) + cost;
  }
  return totals;
}

test('service is shared by weight, whatever a turn costs', () => {
  const shares = new FairShares();
  for (const flow of ['a', 'b', 'c']) shares.enter(flow);
  const flows = { a: { weight: 1, cost: 7 }, b: { weight: 2, cost: 1 }, c: { weight: 1, cost: 3 } };
  const totals = serve(shares, flows, 10_000);
  const sum = Object.values(totals).reduce((x, y) => x + y);
  expect((totals.a ?? 0) / sum).toBeCloseTo(0.25, 2);
  expect((totals.b ?? 0) / sum).toBeCloseTo(0.5, 2);
});

test('a flow that was away is not paid for it, nor one that comes and goes', () => {
  const shares = new FairShares();
  shares.enter('busy');
  serve(shares, { busy: { weight: 1, cost: 1 } }, 1000);
  shares.enter('late');
  const both = { busy: { weight: 1, cost: 1 }, late: { weight: 1, cost: 1 } };
  const { busy = 0, late = 0 } = serve(shares, both, 100);
  expect(Math.abs(busy - late)).toBeLessThanOrEqual(1);

  let flapping = 0;
  for (let i = 0; i < 100; i++) {
    shares.enter('late');
    const given = serve(shares, both, 1);
    flapping += given.late ?? 0;
  }
  expect(flapping).toBeLessThanOrEqual(51);
});
