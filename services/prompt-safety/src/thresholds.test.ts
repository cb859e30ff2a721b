import { describe, expect, it } from 'vitest';
import { config } from './config.ts';
import { englishPolicy } from './policy/load.ts';
import { thresholdsFor } from './thresholds.ts';

const policy = englishPolicy();

describe('thresholds of tenants', () => {
  it("are the tenant's own, else everybody's, else the policy's", () => {
    const tenants = { '*': { violence: 0.6 }, press: { nudity: 0.8 } };
    expect(thresholdsFor(policy, tenants, 'press')).toMatchObject({ nudity: 0.8, violence: 0.6, hate: 0.5 });
    expect(thresholdsFor(policy, tenants, 'other').nudity).toBe(policy.thresholds.nudity);
    expect(thresholdsFor(policy, tenants, 'constructor')).toEqual({ ...policy.thresholds, violence: 0.6 });
  });

  it('never loosen what concerns minors', () => {
    expect(thresholdsFor(policy, { '*': { minors: 1 } }, 'press').minors).toBe(policy.thresholds.minors);
    expect(thresholdsFor(policy, { press: { minors: 0.1 } }, 'press').minors).toBe(0.1);
  });

  it('come from the environment, and a mistake there is named', () => {
    const load = (value: string) => config.load({ ATELIER_PROMPT_SAFETY_THRESHOLDS: value });
    expect(load('{"press":{"nudity":0.8}}').promptSafetyThresholds).toEqual({ press: { nudity: 0.8 } });
    for (const bad of ['{', '{"press":{"nudity":2}}', '{"press":{"fun":0.5}}', '{"a b":{}}'])
      expect(() => load(bad)).toThrow(/ATELIER_PROMPT_SAFETY_THRESHOLDS/);
  });
});
