import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** What a process of its own prints: how large this one's heap is, is the test runner's doing. */
function printed(program: string) {
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

it('gives back what nobody holds any more, and leaves nothing for others to call', () => {
  const { usedMb, heldMb, exposed } = printed(`
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
  `);
  expect(usedMb).toBeGreaterThan(10);
  expect(heldMb).toBeGreaterThan(10);
  expect(exposed).toBe('undefined');
});

it('does not let dead pictures pile up, keeps living ones, and ends with the process', () => {
  const program = (begin: string) => `
    import { collectDeadBuffers } from './collect-garbage.ts';
    import { setTimeout as sleep } from 'node:timers/promises';
    ${begin}
    const kept = new Uint8Array(3 << 20).fill(7);
    let mostMb = 0;
    for (let i = 0; i < 9; i++) {
      new Uint8Array(3 << 20).fill(i);
      await sleep(120);
      mostMb = Math.max(mostMb, process.memoryUsage().arrayBuffers / 2 ** 20);
    }
    console.log(JSON.stringify({ mostMb, kept: kept.every((value) => value === 7) }));
  `;
  const watched = printed(program('collectDeadBuffers();'));
  expect(watched.mostMb).toBeLessThan(16);
  expect(watched.kept).toBe(true);
  expect(printed(program('')).mostMb).toBeGreaterThan(24);
});
