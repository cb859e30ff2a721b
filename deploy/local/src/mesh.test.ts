import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForHealthy } from '@atelier/rpc';
import { describe, expect, it } from 'vitest';
import { freePort } from './free-port.ts';
import { startMesh } from './mesh.ts';
import { spawnService } from './service-process.ts';
import { entryOf, serviceRow } from './services.ts';

const SAFETY = 'prompt-safety';
const entry = entryOf(serviceRow(SAFETY));

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('spawnService', () => {
  it('is ready when health says so, comes back on the same address after a crash, and stops', async () => {
    const service = spawnService({ name: SAFETY, entry, address: `127.0.0.1:${await freePort()}` });
    await service.ready();
    const first = service.pid() as number;
    service.kill();
    expect(await service.exited()).toMatchObject({ signal: 'SIGKILL' });
    await service.restart();
    await service.ready();
    await waitForHealthy(service.address, { timeoutMs: 1000 });
    await service.stop();
    expect(await service.exited()).toMatchObject({ code: 0 });
    expect(alive(first) || alive(service.pid() as number)).toBe(false);
  }, 60_000);

  it.runIf(process.platform === 'linux')(
    'puts all threads of a ready service behind others',
    async () => {
      const address = `127.0.0.1:${await freePort()}`;
      const service = spawnService({ name: SAFETY, entry, address, niceness: 7 });
      await service.ready();
      const threads = readdirSync(`/proc/${service.pid()}/task`).map(Number);
      expect(threads.length).toBeGreaterThan(1);
      expect(Math.min(...threads.map((thread) => os.getPriority(thread)))).toBe(7);
      await service.stop();
    },
    30_000,
  );

  it('tells what a service said that ends instead of starting, at once', async () => {
    const env = { ATELIER_LOG_LEVEL: 'shout' };
    const service = spawnService({ name: SAFETY, entry, address: `127.0.0.1:${await freePort()}`, env });
    await expect(service.ready(50_000)).rejects.toThrow(
      /prompt-safety exited with code 1\n[\s\S]*ATELIER_LOG_LEVEL/,
    );
  }, 20_000);
});

describe('startMesh', () => {
  it('starts on free ports, tells the addresses, and ends everything', async () => {
    const mesh = await startMesh({ services: [SAFETY], freePorts: true });
    const pid = mesh.services.get(SAFETY)?.pid() as number;
    expect(mesh.env).toEqual({ ATELIER_PROMPT_SAFETY_ADDRESS: mesh.address(SAFETY) });
    expect(() => mesh.address('diffusion')).toThrow(RangeError);
    await mesh.stop();
    expect(alive(pid)).toBe(false);
  }, 60_000);

  it('ends the others when one does not start, and says which', async () => {
    const pids: (number | undefined)[] = [];
    const failing = startMesh({
      services: [SAFETY, 'prompt-enhancement'],
      freePorts: true,
      envFor: { 'prompt-enhancement': { ATELIER_MODEL_BUNDLE: '/nowhere' } },
      onLine: (_, line) => pids.push((JSON.parse(line) as { pid?: number }).pid),
    });
    await expect(failing).rejects.toThrow(/prompt-enhancement exited .*\n[\s\S]*\/nowhere/);
    for (const pid of pids) expect(pid !== undefined && alive(pid)).toBe(false);
  }, 60_000);

  it('leaves no service behind when its own process is killed', async () => {
    const program = `
      import { startMesh } from ${JSON.stringify(new URL('./mesh.ts', import.meta.url).href)};
      const mesh = await startMesh({ services: ['${SAFETY}'], freePorts: true });
      console.log(mesh.services.get('${SAFETY}').pid());`;
    const launcher = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(alive(pid)).toBe(true);
    launcher.kill('SIGKILL');
    for (let i = 0; i < 500 && alive(pid); i++) await sleep(20);
    expect(alive(pid)).toBe(false);
  }, 60_000);
});
