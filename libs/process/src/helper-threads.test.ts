import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { describe, expect, it } from 'vitest';

/** A process of its own: what is nicer once can't be made less nice again. */
const program = `
  import { readdirSync } from 'node:fs';
  import os from 'node:os';
  import { stepHelpersBehind } from './helper-threads.ts';
  const moved = stepHelpersBehind();
  const nicer = readdirSync('/proc/self/task').filter((id) => os.getPriority(Number(id)) === os.getPriority() + 10).length;
  console.log(JSON.stringify({ moved, nicer, own: os.getPriority() }));
`;

describe.runIf(process.platform === 'linux')('helper threads', () => {
  it('all step behind the main thread, which stays where it was', () => {
    const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    const { moved, nicer, own } = JSON.parse(output);
    expect(own).toBe(os.getPriority());
    expect(moved).toBeGreaterThan(0);
    expect(nicer).toBe(moved);
  });
});
