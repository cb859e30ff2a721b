import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILPOINTS } from './names.ts';
import { parsePlan } from './plan.ts';

const root = join(import.meta.dirname, '../../..');

function run(env: NodeJS.ProcessEnv, program: string) {
  const index = JSON.stringify(join(import.meta.dirname, 'index.ts'));
  const source = `import { failpoint } from ${index}; ${program}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, ...env },
  });
}

describe('failpoints', () => {
  it('are at least twenty, and each is somewhere in the code', async () => {
    expect(FAILPOINTS.length).toBeGreaterThanOrEqual(20);
    let code = '';
    for await (const file of glob(['libs/events/src/*.ts', 'services/orchestrator/src/**/*.ts'], {
      cwd: root,
    }))
      code += readFileSync(join(root, file), 'utf8');
    expect(FAILPOINTS.filter((name) => !code.includes(`failpoint('${name}')`))).toEqual([]);
  });

  it('do nothing without a plan', () => {
    const { stdout } = run({ ATELIER_FAILPOINTS: '' }, `console.log(failpoint('job.ack.before'))`);
    expect(stdout.toString()).toBe('undefined\n');
  });

  it('kill, at the time that is planned', () => {
    const twice = `await failpoint('job.ack.before'); console.log(1); await failpoint('job.ack.before'); console.log(2)`;
    const env = { NODE_ENV: 'test', ATELIER_FAILPOINTS: 'job.ack.before=crash@2' };
    const { stdout, signal } = run(env, twice);
    expect({ stdout: stdout.toString(), signal }).toEqual({ stdout: '1\n', signal: 'SIGKILL' });
  });

  it('keep a process that is no test from starting', () => {
    const env = { NODE_ENV: 'production', ATELIER_FAILPOINTS: 'job.ack.before=crash' };
    const { status, stderr } = run(env, '');
    expect(status).not.toBe(0);
    expect(stderr.toString()).toContain('NODE_ENV=test');
  });

  it.each(['nowhere=crash', 'job.ack.before=explode', 'job.ack.before', 'job.ack.before=crash@0'])(
    '%s is no plan',
    (text) => {
      expect(() => parsePlan(text)).toThrow(RangeError);
    },
  );
});
