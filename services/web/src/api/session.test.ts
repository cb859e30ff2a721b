/** Who may: credentials are passed on to the mesh, from a header or from what a browser signed in with. */
import { beforeAll, describe, expect, it } from 'vitest';
import { COOKIE, useWeb } from '../web.fixture.ts';
import type { GenerationJson } from './schemas.ts';

const on = useWeb();
beforeAll(() => {
  on.mesh.behaviour.keys = ['one'];
});

const ask = (headers: Record<string, string>) =>
  on.call('POST', '/api/generations', { body: { prompt: 'A boat', size: 64 }, headers });
const signIn = (credential: string) => on.call('POST', '/api/session', { body: { credential } });
const signedIn = (key: string) => ({ cookie: `${COOKIE}; atelier-key=${key}` });

describe('where the mesh asks for keys', () => {
  it('nothing is drawn without one', async () => {
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: 'Bearer two' })).status).toBe(401);
    expect((await ask({ authorization: 'Bearer one' })).status).toBe(202);
  });

  it('a browser signs in once, and a wrong key keeps nothing', async () => {
    const refused = await signIn('two');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('set-cookie')).toBeNull();
    const kept = await signIn('one');
    expect(kept.status).toBe(204);
    expect(kept.headers.get('set-cookie')).toMatch(/^atelier-key=one; .*HttpOnly; SameSite=Strict$/);
    expect((await ask(signedIn('one'))).status).toBe(202);
    expect((await signIn('')).headers.get('set-cookie')).toMatch(/^atelier-key=; .*Max-Age=0/);
  });

  it('what makes no cookie is refused, not written into a header', async () => {
    expect((await signIn('one; Domain=example.org')).status).toBe(400);
    expect((await signIn('one\r\nset-cookie: a=b')).status).toBe(400);
  });

  it('a kept picture is for the key that it was shown to', async () => {
    const { id } = (await ask(signedIn('one'))).body as GenerationJson;
    await (await fetch(`${on.url}/api/generations/${id}/events`, { headers: signedIn('one') })).text();
    const picture = (key: string) =>
      fetch(`${on.url}/api/generations/${id}/images/0.png`, { headers: signedIn(key) });
    expect((await picture('one')).status).toBe(200);
    expect((await picture('two')).status).toBe(401);
  });
});
