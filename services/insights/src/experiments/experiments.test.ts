import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sideOf } from './assignment.ts';
import { readExperiments } from './definitions.ts';
import { erfc, oneProportionZ, twoProportionZ } from './significance.ts';

const USERS = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);

describe('assignment', () => {
  it('is always the same for a user', () => {
    // Fixed for ever: another hash would move users to the other side.
    expect(
      ['ada', 'grace', 'edsger', 'barbara'].map((user) => sideOf('e', user, 0.5)),
    ).toMatchInlineSnapshot(`
      [
        "treatment",
        "treatment",
        "treatment",
        "control",
      ]
    `);
  });

  it.each([0.5, 0.1])('gives the treatment to a share of %s', (share) => {
    const treated = USERS.filter((user) => sideOf('split', user, share) === 'treatment').length;
    const deviation = Math.sqrt(USERS.length * share * (1 - share));
    expect(Math.abs(treated - USERS.length * share)).toBeLessThan(4 * deviation);
  });

  it('of one experiment says nothing about another', () => {
    const both = USERS.filter(
      (user) => sideOf('one', user, 0.5) === 'treatment' && sideOf('two', user, 0.5) === 'treatment',
    ).length;
    expect(Math.abs(both - USERS.length / 4)).toBeLessThan(300);
  });

  it('keeps everybody who has the treatment when its share grows', () => {
    const lost = USERS.filter(
      (user) => sideOf('grow', user, 0.1) === 'treatment' && sideOf('grow', user, 0.3) === 'control',
    );
    expect(lost).toEqual([]);
  });
});

describe('significance', () => {
  it.each([
    // Python 3.11: math.erfc(x)
    [0, 1],
    [0.5, 0.4795001221869535],
    [1.5, 0.033894853524689274],
    [2, 0.004677734981047266],
    [2.5, 0.0004069520174449589],
    [5, 1.5374597944280349e-12],
  ])('erfc(%s)', (x, expected) => {
    expect(Math.abs(erfc(x) - expected)).toBeLessThan(1e-13);
    expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(1e-9);
  });

  it('agrees with the textbook', () => {
    // 45 of 150 against 60 of 150: pooled 0.35, standard error 0.055076, z 1.8157.
    const { z, pValue } = twoProportionZ({ successes: 45, trials: 150 }, { successes: 60, trials: 150 });
    expect(z).toBeCloseTo(1.8157, 4);
    expect(pValue).toBeCloseTo(0.0694, 4);
  });

  it('finds nothing where nothing can differ', () => {
    const nothing = { z: 0, pValue: 1 };
    expect(twoProportionZ({ successes: 0, trials: 9 }, { successes: 0, trials: 7 })).toEqual(nothing);
    expect(twoProportionZ({ successes: 0, trials: 0 }, { successes: 1, trials: 7 })).toEqual(nothing);
    expect(oneProportionZ({ successes: 0, trials: 0 }, 0.5)).toEqual(nothing);
  });
});

describe('definitions', () => {
  it('name file and fault', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atelier-experiments-'));
    const file = join(folder, 'experiments.json');
    try {
      await writeFile(file, '[{"id":"e","control":"1","treatment":"2","treatmentShare":1}]');
      await expect(readExperiments(file)).rejects.toThrow(/experiments\.json.*treatmentShare/s);
      await writeFile(
        file,
        '[{"id":"e","control":"1","treatment":"2"},{"id":"e","control":"1","treatment":"3"}]',
      );
      await expect(readExperiments(file)).rejects.toThrow('two experiments have one name');
      await writeFile(file, '[{"id":"e","control":"1","treatment":"2"}]');
      expect((await readExperiments(file)).get('e')?.treatmentShare).toBe(0.5);
      await expect(readExperiments(join(folder, 'none.json'))).rejects.toThrow('none.json');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
