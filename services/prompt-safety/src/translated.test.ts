import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code } from '@atelier/rpc';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadJudges } from './judges.ts';
import { httpTranslator } from './translator.ts';
import { decide } from './verdict.ts';

/** A translator that knows two texts and is out of order for any other. */
const known: Readonly<Record<string, string>> = {
  'ein Boot': 'a boat',
  'eine nackte Frau': 'a naked woman lying on a bed',
  '': '',
};
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    const { texts } = JSON.parse(body) as { texts: string[] };
    if (!texts.every((text) => text in known)) response.statusCode = 500;
    response.end(JSON.stringify({ texts: texts.map((text) => known[text]) }));
  });
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
});

const judgeGerman = async (prompt: string) => {
  const judge = loadJudges({ translate: httpTranslator(url, 10_000) }).forLanguage('de-AT');
  return decide(await judge.judge(prompt, '', new AbortController().signal), judge.policy.thresholds);
};

it('judges a prompt of another language by its translation, without places', async () => {
  expect(await judgeGerman('ein Boot')).toMatchObject({ allowed: true });
  expect(await judgeGerman('eine nackte Frau')).toMatchObject({ allowed: false, findings: [] });
});

it('fails closed when the translator has no answer', async () => {
  await expect(judgeGerman('ein Haus')).rejects.toMatchObject({ code: Code.UNAVAILABLE });
});

it('refuses a malformed tag all the same', () => {
  expect(() => loadJudges({ translate: httpTranslator(url, 10_000) }).forLanguage('!')).toThrow();
});
