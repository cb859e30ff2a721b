import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { promptEncoder } from './prompt-encoder.ts';

const cache = await mkdtemp(join(tmpdir(), 'atelier-encoder-'));
afterAll(() => rm(cache, { recursive: true }));

it('installs the encoder once for all who want it at the same time, and leaves nothing else', async () => {
  const lines: string[] = [];
  const onLine = (line: string): number => lines.push(line);
  const folders = await Promise.all([promptEncoder({ cache, onLine }), promptEncoder({ cache, onLine })]);
  expect(new Set(folders).size).toBe(1);
  expect(lines).toHaveLength(1);
  expect(await readdir(folders[0] as string)).toEqual(
    expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json']),
  );
  expect(await readdir(cache)).toHaveLength(1);
  expect(await promptEncoder({ cache, python: '/nowhere/python', onLine })).toBe(folders[0]);
  expect(lines).toHaveLength(1);
}, 300_000);

it('does without it where there is no pip, and says so', async () => {
  const lines: string[] = [];
  const elsewhere = join(cache, 'elsewhere');
  expect(
    await promptEncoder({ cache: elsewhere, python: '/nowhere/python', onLine: (line) => lines.push(line) }),
  ).toBeUndefined();
  expect(lines.at(-1)).toMatch(/could not be installed.*\/nowhere\/python/);
  expect(await readdir(elsewhere)).toEqual([]);
});
