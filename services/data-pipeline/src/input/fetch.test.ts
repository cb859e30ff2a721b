import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Refused } from '../image/decode.ts';
import { createFetcher } from './fetch.ts';

let server: Server;
let base = '';
const answers: Record<string, [status: number, headers: Record<string, string>, body: string]> = {
  '/ok': [200, {}, 'bytes'],
  '/noai': [200, { 'x-robots-tag': 'noarchive, noai' }, 'bytes'],
  '/noai-other': [200, { 'x-robots-tag': 'otherbot: noai' }, 'bytes'],
  '/tdm': [200, { 'tdm-reservation': '1' }, 'bytes'],
  '/large': [200, {}, 'x'.repeat(2_000)],
  '/missing': [404, {}, ''],
  '/inward': [302, { location: 'http://169.254.169.254/latest/meta-data' }, ''],
  '/loop': [302, { location: '/loop' }, ''],
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const [status, headers, body] = answers[request.url ?? ''] ?? [500, {}, ''];
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const reasonOf = async (work: Promise<Buffer>): Promise<string> =>
  work.then(
    (bytes) => bytes.toString(),
    (error: unknown) => (error instanceof Refused ? error.verdict.reason : String(error)),
  );

test.each([
  ['/ok', 'bytes'],
  ['/noai', 'fetch_opted_out'],
  ['/noai-other', 'bytes'],
  ['/tdm', 'fetch_opted_out'],
  ['/large', 'too_many_bytes'],
  ['/missing', 'fetch_failed'],
  ['/inward', 'fetch_refused'],
  ['/loop', 'fetch_failed'],
])('%s ends as %s', async (path, end) => {
  const fetcher = createFetcher({ maxBytes: 1_000, allow: ['127.0.0.1/32'] });
  expect(await reasonOf(fetcher.fetch(`${base}${path}`))).toBe(end);
});

test.each([
  'http://127.0.0.1/a.png',
  'http://[::1]/a.png',
  'http://[::ffff:10.0.0.1]/a.png',
  'http://2130706433/a.png',
  'http://0x7f.1/a.png',
  'http://10.1.2.3/a.png',
  'http://192.168.0.1/a.png',
  'http://169.254.169.254/latest',
  'http://100.64.0.1/a.png',
  'http://user:word@93.184.216.34/a.png',
  'file:///etc/hostname',
  'ftp://example.com/a.png',
])('%s is refused', async (url) => {
  expect(await reasonOf(createFetcher({ maxBytes: 1_000 }).fetch(url))).toBe('fetch_refused');
});

test('a public name with one private address is refused', async () => {
  const fetcher = createFetcher({ maxBytes: 1_000, resolve: async () => ['93.184.216.34', '10.0.0.1'] });
  expect(await reasonOf(fetcher.fetch('http://example.com/a.png'))).toBe('fetch_refused');
});
