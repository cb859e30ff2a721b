import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiffusionService } from '@atelier/contracts';
import { freePort, spawnService } from '@atelier/local-mesh';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { Code, createClient } from '@atelier/rpc';
import { afterEach, expect, test } from 'vitest';
import { request } from './service.fixture.ts';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(env: NodeJS.ProcessEnv = {}) {
  const lines: string[] = [];
  const service = spawnService({
    name: 'diffusion',
    entry,
    address: `127.0.0.1:${await freePort()}`,
    env: { ATELIER_MODEL_BUNDLE: tinyBundlePath, ATELIER_INFERENCE_THREADS: '1', ...env },
    onLine: (line) => lines.push(line),
  });
  const client = createClient(DiffusionService, { address: service.address });
  cleanups.push(
    () => service.stop(),
    () => client.close(),
  );
  return { service, client, lines };
}

/** Starts a long picture and resolves once its first step is done, with its end as a promise. */
async function drawing(client: Awaited<ReturnType<typeof start>>['client'], steps: number) {
  const begun = Promise.withResolvers<void>();
  const end = (async () => {
    for await (const { event } of client.generateImage({ ...request, steps })) {
      if (event.case === 'step') begun.resolve();
      if (event.case === 'image') return event.value.steps;
    }
    throw new Error('no image at the end');
  })();
  end.catch((error: unknown) => begun.reject(error));
  await begun.promise;
  return { end };
}

test('told to stop while computing: finishes the picture in hand and ends 0', async () => {
  const { service, client } = await start();
  await service.ready();
  const { end } = await drawing(client, 60);
  service.kill('SIGTERM');
  expect(await end).toBe(60);
  expect(await service.exited()).toMatchObject({ code: 0, signal: null });
});

test('told to stop with no time left: answers UNAVAILABLE and still ends by itself', async () => {
  const { service, client } = await start({ ATELIER_SHUTDOWN_GRACE_MS: '0' });
  await service.ready();
  const { end } = await drawing(client, 1000);
  service.kill('SIGTERM');
  await expect(end).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  expect(await service.exited()).toMatchObject({ code: 0, signal: null });
});

test('killed while computing: the caller gets an error at once, and the service comes back', async () => {
  const { service, client } = await start();
  await service.ready();
  const { end } = await drawing(client, 1000);
  service.kill();
  await expect(end).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  await service.restart();
  await service.ready();
  const { end: again } = await drawing(client, 2);
  expect(await again).toBe(2);
});

test('a damaged model is named and never served', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-bundle-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  await cp(tinyBundlePath, folder, { recursive: true });
  await truncate(join(folder, 'unet/model.onnx'), 1000);
  const { service, lines } = await start({ ATELIER_MODEL_BUNDLE: folder });
  expect(await service.exited()).toMatchObject({ code: 1 });
  expect(lines.join('\n')).toMatch(/unet\/model\.onnx has 1000 bytes/);
});

test('a provider that does not exist is a configuration error that lists those that do', async () => {
  const { service, lines } = await start({ ATELIER_INFERENCE_PROVIDERS: 'cpu,cudaa' });
  expect(await service.exited()).toMatchObject({ code: 1 });
  expect(lines.join('\n')).toMatch(/ATELIER_INFERENCE_PROVIDERS: .*"cudaa"; known: cpu, cuda/);
});
