import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Code } from '@atelier/rpc';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Access, openAccess } from './access.ts';
import { makeApiKey } from './api-keys.ts';
import { MountedFile } from './mounted-file.ts';
import { RateLimiter } from './rate-limiter.ts';

const ISSUER = 'https://accounts.example';
const defaults = { jwtAudience: 'atelier', jwtTenantClaim: 'tenant' };

let folder: string;
const lines: string[] = [];
const log = {
  info: (...words: unknown[]) => void lines.push(JSON.stringify(words)),
  warn: (...words: unknown[]) => void lines.push(JSON.stringify(words)),
};
const file = async (name: string, content: unknown): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const opened = async (settings: object): Promise<Access> => {
  const access = await openAccess({ ...defaults, ...settings }, log);
  if (!access) throw new Error('authentication is off');
  return access;
};
const refusal = (reason: string) => ({ code: Code.UNAUTHENTICATED, reason });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-access-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

describe('without credentials', () => {
  it('nobody is asked, and the log says so', async () => {
    expect(await openAccess(defaults, log)).toBeUndefined();
    expect(lines.at(-1)).toContain('authentication is off');
  });

  it('limits are refused: whoever may name any tenant has none', async () => {
    const limits = { default: { requestsPerMinute: 1, burst: 1, imagesPerDay: 1 } };
    const tenantLimitsFile = await file('alone.json', limits);
    await expect(openAccess({ ...defaults, tenantLimitsFile }, log)).rejects.toThrow(/ATELIER_API_KEYS_FILE/);
  });
});

describe('API keys', () => {
  it('prove the tenant of their row, until they are taken out or expire', async () => {
    const acme = makeApiKey('acme-1', 'acme');
    const old = makeApiKey('old', 'acme');
    const expired = { ...old.row, expires: '2020-01-01T00:00:00Z' };
    const apiKeysFile = await file('keys.json', { keys: [acme.row, expired] });
    const access = await opened({ apiKeysFile });
    const principal = { tenant: 'acme', subject: 'key:acme-1' };
    expect(await access.authenticate(`Bearer ${acme.key}`)).toEqual(principal);
    await expect(access.authenticate(`Bearer ${old.key}`)).rejects.toMatchObject(refusal('API_KEY_EXPIRED'));

    // As Kubernetes replaces a mounted secret: another file takes the name.
    await rename(await file('keys.new', { keys: [] }), apiKeysFile);
    await sleep(1_050);
    await expect(access.authenticate(`Bearer ${acme.key}`)).rejects.toMatchObject(refusal('API_KEY_INVALID'));
  });

  it.each([
    [undefined, 'CREDENTIALS_MISSING'],
    ['', 'CREDENTIALS_MISSING'],
    ['Basic YTpi', 'CREDENTIALS_MISSING'],
    [`Bearer ${'a'.repeat(8_193)}`, 'CREDENTIALS_MISSING'],
    ['Bearer atelier_guess', 'API_KEY_INVALID'],
    ['Bearer eyJhbGciOiJub25lIn0.e30.', 'CREDENTIALS_UNSUPPORTED'],
  ])('%s is refused', async (header, reason) => {
    const access = await opened({ apiKeysFile: await file('few.json', { keys: [] }) });
    await expect(access.authenticate(header)).rejects.toMatchObject(refusal(reason));
  });

  it('a bad file stops the start, naming the file and not its content', async () => {
    const apiKeysFile = await file('bad.json', '{"keys": [{"id": "x", "secret": "s3cret"}]}');
    const failure = openAccess({ ...defaults, apiKeysFile }, log);
    await expect(failure).rejects.toThrow(/bad\.json/);
    await expect(failure).rejects.not.toThrow(/s3cret/);
  });
});

describe('JWT', () => {
  it('proves the tenant of its claim, and nothing else will do', async () => {
    const [right, wrong] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const publicKey = { ...(await exportJWK(right.publicKey)), kid: 'one', alg: 'ES256' };
    const jwksFile = await file('jwks.json', { keys: [publicKey] });
    const access = await opened({ jwksFile, jwtIssuer: ISSUER });
    const good = { iss: ISSUER, aud: 'atelier', sub: 'ada', tenant: 'acme', exp: Date.now() / 1_000 + 60 };
    const token = async (claims: JWTPayload, key = right.privateKey) =>
      `Bearer ${await new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(key)}`;

    expect(await access.authenticate(await token({}))).toEqual({ tenant: 'acme', subject: 'jwt:ada' });
    const shared = new TextEncoder().encode(JSON.stringify(publicKey));
    const confused = new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(shared);
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(good))}.`.replaceAll('=', '');
    const bad: [string, string][] = [
      [await token({}, wrong.privateKey), 'TOKEN_INVALID'],
      [await token({ exp: Date.now() / 1_000 - 60 }), 'TOKEN_EXPIRED'],
      [await token({ nbf: Date.now() / 1_000 + 600 }), 'TOKEN_INVALID'],
      [await token({ iss: 'https://elsewhere.example' }), 'TOKEN_INVALID'],
      [await token({ aud: 'another' }), 'TOKEN_INVALID'],
      [await token({ tenant: 'a.>' }), 'TOKEN_WITHOUT_TENANT'],
      [await token({ tenant: undefined }), 'TOKEN_WITHOUT_TENANT'],
      [`Bearer ${await confused}`, 'TOKEN_INVALID'],
      [`Bearer ${unsigned}`, 'TOKEN_INVALID'],
    ];
    for (const [header, reason] of bad) {
      await expect(access.authenticate(header), reason).rejects.toMatchObject(refusal(reason));
    }
  });
});

describe('limits', () => {
  it('are each tenant’s own, and change with their file', async () => {
    const [acme, other] = ['acme', 'other'].map((tenant) => makeApiKey(tenant, tenant));
    const apiKeysFile = await file('two.json', { keys: [acme?.row, other?.row] });
    const base = { requestsPerMinute: 1, burst: 2, imagesPerDay: 10 };
    const limits = { default: base, tenants: { acme: { imagesPerDay: 99 } } };
    const tenantLimitsFile = await file('limits.json', limits);
    const access = await opened({ apiKeysFile, tenantLimitsFile });
    expect(await access.imagesPerDay('acme')).toBe(99);
    expect(await access.imagesPerDay('other')).toBe(10);
    await access.count('acme');
    await access.count('acme');
    await expect(access.count('acme')).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'RATE_LIMITED',
      retryAfterMs: expect.any(Number),
    });
    await access.count('other');
    await file('limits.json', { default: { ...base, imagesPerDay: 7 } });
    await sleep(1_050);
    expect(await access.imagesPerDay('acme')).toBe(7);
  });

  it('count by the clock they are given', () => {
    let nowMs = 0;
    const limiter = new RateLimiter(() => nowMs);
    const rate = { perSecond: 1, burst: 1 };
    limiter.count('acme', rate);
    expect(() => limiter.count('acme', rate)).toThrow(/60 calls a minute/);
    nowMs = 1_000;
    limiter.count('acme', rate);
  });
});

describe('a mounted file', () => {
  it('is followed through its symbolic link, and a bad replacement changes nothing', async () => {
    await file('v1', '1');
    await file('v2', 'no number');
    await file('v3', '3');
    const link = join(folder, 'link');
    const pointTo = async (name: string) => {
      await symlink(name, join(folder, 'next'));
      await rename(join(folder, 'next'), link);
    };
    await pointTo('v1');
    const told: string[] = [];
    const parse = (text: string) => {
      if (!/^\d+$/.test(text)) throw new Error('not a number');
      return Number(text);
    };
    const options = { lookEveryMs: 0, onError: (error: Error) => void told.push(error.message) };
    const mounted = await MountedFile.open(link, parse, options);
    expect(await mounted.current()).toBe(1);
    await pointTo('v2');
    expect(await mounted.current()).toBe(1);
    expect(told.join()).toMatch(/link stays as it was: not a number/);
    await pointTo('v3');
    expect(await mounted.current()).toBe(3);
  });
});
