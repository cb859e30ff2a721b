/** What strangers, broken clients and a broken mesh do. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@atelier/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { GenerationJson, ProblemJson } from '../api/schemas.ts';
import { useWeb } from '../web.fixture.ts';

const on = useWeb();
const quick = { beforeStep: () => {} };
afterEach(() => void Object.assign(on.mesh.behaviour, quick));

const problem = ({ body }: { body: unknown }): ProblemJson => (body as { error: ProblemJson }).error;

/** An answer to bytes as they are, head and body. */
async function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(on.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  socket.on('error', () => {});
  socket.write(text);
  await Promise.race([once(socket, 'close'), sleep(1_500)]);
  socket.destroy();
  return answer;
}

describe('bodies', () => {
  it('that are too large are refused before they are read', async () => {
    const head = 'POST /api/suggestions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const answer = await raw(`${head}Content-Length: 100000000\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(answer).toContain('must hold at most 65536 bytes');
  });

  it('that turn out too large are cut off', async () => {
    const head = 'POST /api/interactions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const chunk = `${(8_192).toString(16)}\r\n${'a'.repeat(8_192)}\r\n`;
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1\.1 413/);
  });

  it.each([
    ['no JSON', '{"prompt": ', {}, 400, 'MALFORMED_JSON'],
    ['no object', '[]', {}, 400, 'INVALID_ARGUMENT'],
    [
      'a form',
      'prompt=boat',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('%s', async (_, body, headers, status, reason) => {
    const answer = await on.call('POST', '/api/generations', { body, headers });
    expect([answer.status, problem(answer).reason]).toEqual([status, reason]);
  });

  it('with a __proto__ change nothing', async () => {
    const body = '{"prompt":"A boat","__proto__":{"enhance":false}}';
    const { status } = await on.call('POST', '/api/generations', { body });
    expect(status).toBe(400);
  });
});

describe('addresses', () => {
  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/src/config.ts',
    '/scripts/../../package.json',
    '//etc/passwd',
    '/src/config.ts',
    '/api/generations/..%2f..%2fetc/images/0.png',
    '/%',
    '/api/generations/%E0%A4%A/events',
  ])('%s leads nowhere', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404)/);
    expect(answer).not.toContain('defineConfig');
  });

  it('of unknown generations are 404, also for watches and pictures', async () => {
    const params = { id: 'gunknown', file: '0.png' };
    for (const path of [
      '/api/generations/{id}',
      '/api/generations/{id}/events',
      '/api/generations/{id}/images/{file}',
    ]) {
      const answer = await on.call('GET', path, { params });
      expect([answer.status, problem(answer).reason]).toEqual([404, 'GENERATION_NOT_FOUND']);
    }
  });

  it('with another method are 405', async () => {
    const answer = await fetch(`${on.url}/api/suggestions`, { method: 'DELETE' });
    expect(answer.status).toBe(405);
  });
});

describe('every answer', () => {
  it('keeps scripts, frames and guesses out', async () => {
    for (const path of ['/', '/api/nothing', '/openapi.json']) {
      const { headers } = await fetch(`${on.url}${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('sets a cookie that scripts and other sites can’t use', async () => {
    const { headers } = await fetch(`${on.url}/api/generations`);
    expect(headers.get('set-cookie')).toMatch(/^atelier=[\w-]{22}; .*HttpOnly; SameSite=Strict/);
  });
});

it('a prompt of HTML stays text', async () => {
  const prompt = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  const { body, headers } = await on.call('POST', '/api/generations', { body: { prompt } });
  expect((body as GenerationJson).prompt).toBe(prompt);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
});

describe('clients that are slow or gone', () => {
  it('a watch whose client disconnects is cancelled', async () => {
    on.mesh.behaviour.beforeStep = () => new Promise(() => {});
    const { body } = await on.call('POST', '/api/generations', { body: { prompt: 'A boat' } });
    const hangUp = new AbortController();
    const { begun, ended } = { begun: on.mesh.behaviour.watchesBegun, ended: on.mesh.behaviour.watchesEnded };
    const answer = await fetch(`${on.url}/api/generations/${(body as GenerationJson).id}/events`, {
      signal: hangUp.signal,
    });
    await answer.body?.getReader().read();
    expect(on.mesh.behaviour.watchesBegun).toBe(begun + 1);
    hangUp.abort();
    await eventually('the watch ends', () => on.mesh.behaviour.watchesEnded === ended + 1);
  });

  it('one that sends its request drop by drop does not hold up others', async () => {
    const { hostname, port } = new URL(on.url);
    const sockets = Array.from({ length: 50 }, () => connect(Number(port), hostname).on('error', () => {}));
    for (const socket of sockets) socket.write('POST /api/suggestions HTTP/1.1\r\nHost: a\r\nContent-Le');
    const { status } = await on.call('POST', '/api/suggestions', { body: { prefix: 'A' } });
    expect(status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});
