import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { natsBinary } from './nats-binary.ts';
import { startNats } from './nats-server.ts';

/** The first line a NATS server says to whoever connects. */
async function greeting(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString();
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('startNats', () => {
  it('starts a private server with JetStream on loopback, and again after a crash, and leaves nothing', async () => {
    const nats = await startNats({ url: '' });
    expect(nats).toMatchObject({ owned: true, url: expect.stringMatching(/^nats:\/\/127\.0\.0\.1:\d+$/) });
    expect(await greeting(nats.url)).toMatch(/^INFO .*"jetstream":true/);
    const first = nats.pid() as number;
    nats.kill();
    await nats.restart();
    expect(nats.pid()).not.toBe(first);
    expect(await greeting(nats.url)).toMatch(/^INFO /);
    await nats.stop();
    expect(alive(first) || alive(nats.pid() as number)).toBe(false);
  });

  it('uses a configured server as it is', async () => {
    const nats = await startNats({ url: 'nats://192.0.2.1:4222' });
    expect(nats).toMatchObject({ owned: false, url: 'nats://192.0.2.1:4222' });
    await nats.stop();
  });

  it('ends with the process that started it, even when that is killed', async () => {
    const program = `
      import { startNats } from ${JSON.stringify(new URL('./nats-server.ts', import.meta.url).href)};
      console.log((await startNats({ url: '' })).pid());
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(starter.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(alive(pid)).toBe(true);
    starter.kill('SIGKILL');
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(20);
    expect(alive(pid)).toBe(false);
  });
});

describe('natsBinary', () => {
  it('looks on PATH first, then in the other folders', async () => {
    const found = await natsBinary();
    expect(existsSync(found)).toBe(true);
    const folder = found.replace(/\/nats-server$/, '');
    expect(await natsBinary({ path: '/nowhere', folders: [folder], installInto: null })).toBe(found);
  });

  it('says what to do where there is none', async () => {
    const nothing = natsBinary({ path: '/nowhere', folders: [], installInto: null });
    await expect(nothing).rejects.toThrow(
      /set NATS_URL .*nats-server program on PATH .*apt-get .*go install/,
    );
  });
});
