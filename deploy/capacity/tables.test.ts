import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CPU, CPU_PRICES } from './assumptions.ts';
import { plan } from './plan.ts';
import { plans } from './tables.ts';

it('has in CAPACITY.md what is computed now', () => {
  const page = readFileSync(join(import.meta.dirname, '../CAPACITY.md'), 'utf8');
  for (const line of plans()) expect(page).toContain(line);
});

it('plans in proportion, and keeps room', () => {
  const [one, hundred] = [plan(1, CPU, CPU_PRICES), plan(100, CPU, CPU_PRICES)];
  expect(hundred.denoisers / one.denoisers).toBeGreaterThan(80);
  expect(one.denoisers * 0.7).toBeGreaterThanOrEqual(CPU.steps * CPU.runSeconds);
  expect(hundred.weekBytes).toBe(100 * one.weekBytes);
});
