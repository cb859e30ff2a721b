import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** A process of its own: how large this one's heap is, is the test runner's doing. */
const program = `
  import { collectGarbage } from './collect-garbage.ts';
  let list = Array.from({ length: 400_000 }, (_, i) => ({ i }));
  const full = process.memoryUsage();
  list = undefined;
  collectGarbage();
  const rest = process.memoryUsage();
  console.log(JSON.stringify({
    usedMb: (full.heapUsed - rest.heapUsed) / 2 ** 20,
    heldMb: (full.heapTotal - rest.heapTotal) / 2 ** 20,
    exposed: typeof globalThis.gc,
  }));
`;

it('gives back what nobody holds any more, and leaves nothing for others to call', () => {
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  const { usedMb, heldMb, exposed } = JSON.parse(output);
  expect(usedMb).toBeGreaterThan(10);
  expect(heldMb).toBeGreaterThan(10);
  expect(exposed).toBe('undefined');
});
