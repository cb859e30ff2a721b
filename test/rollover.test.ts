/** A mesh under load goes over to another version of its models, and back: no generation fails, and none mixes versions. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Atelier, createAtelier } from '@atelier/client';
import { type Generation, GenerationState } from '@atelier/contracts';
import { defaultBundlePath, MANIFEST_FILE, openBundle, promote, publish } from '@atelier/models';
import { eventually } from '@atelier/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LoggedMesh, startAll } from './mesh.ts';

vi.setConfig({ testTimeout: 400_000 });

const NAME = 'rolling';
const HANDS = 3;

let root: string;
let mesh: LoggedMesh;
let atelier: Atelier;
const registry = () => join(root, 'registry');

/** The starter's bundle under another name and version. */
async function publishVersion(version: string): Promise<void> {
  const folder = join(root, version);
  await cp(defaultBundlePath(), folder, { recursive: true });
  const path = join(folder, MANIFEST_FILE);
  const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...manifest, name: NAME, version }));
  await publish(registry(), await openBundle(folder));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelier-rollover-'));
  for (const version of ['1.0.0', '2.0.0']) await publishVersion(version);
  await promote(registry(), NAME, '1.0.0');
  mesh = await startAll({
    env: { ATELIER_MODEL_BUNDLE: join(registry(), NAME), ATELIER_CONCURRENT_GENERATIONS: String(HANDS) },
  });
  atelier = createAtelier({ address: mesh.address('orchestrator') });
}, 240_000);
afterAll(async () => {
  atelier?.close();
  await mesh?.stop();
  await rm(root, { recursive: true, force: true });
});

/** Versions of the bundle's models that took part. */
const versionsOf = ({ modelVersions }: Generation): string[] => [
  ...new Set(modelVersions.filter(({ name }) => name.startsWith(`${NAME}/`)).map(({ version }) => version)),
];

test('0 of all generations fail, and each is drawn by one version', async () => {
  const done: Generation[] = [];
  let stop = false;
  const hand = async (first: number): Promise<void> => {
    for (let seed = first; !stop; seed += HANDS) {
      const request = { prompt: `a red boat on a lake, ${seed}`, seed, size: 256, steps: 2, enhance: true };
      done.push(await atelier.generate(request, { previews: false }));
    }
  };
  const load = Promise.all(Array.from({ length: HANDS }, (_, first) => hand(first)));
  // Three in a row: every service has gone over by then.
  const served = async (version: string) =>
    await eventually(
      `pictures by ${version}`,
      async () => {
        const last = done.slice(-HANDS);
        return last.length === HANDS && last.every((one) => versionsOf(one).join() === version);
      },
      120_000,
    );
  try {
    await served('1.0.0');
    await promote(registry(), NAME, '2.0.0');
    await served('2.0.0');
    await promote(registry(), NAME, '1.0.0');
    await served('1.0.0');
  } finally {
    stop = true;
    await load;
  }
  const failed = done.filter(({ state }) => state !== GenerationState.SUCCEEDED);
  expect(failed.map(({ result }) => result.value)).toEqual([]);
  expect(done.length).toBeGreaterThan(3 * HANDS);
  for (const { modelVersions } of done) {
    const pair = modelVersions.filter(({ name }) => /\/(text_encoder|denoiser)$/.test(name));
    expect(pair.length).toBe(2);
    expect(new Set(pair.map(({ version }) => version)).size).toBe(1);
  }
  const before = mesh.log.filter((line) => line.includes('rolled over to another version'));
  for (const service of ['text-encoder', 'diffusion', 'super-resolution', 'harm-detection', 'prompt-safety'])
    expect(before.filter((line) => line.startsWith(service)).length, service).toBe(2);
});

test('a version that cannot be loaded leaves the one before serving', async () => {
  await publishVersion('3.0.0');
  await writeFile(join(registry(), NAME, '3.0.0', 'unet', 'model.onnx'), 'damaged');
  // Not by `promote`, which would refuse it.
  await writeFile(join(registry(), NAME, 'production'), '3.0.0\n');
  await eventually('the refusal', async () =>
    mesh.log.some((line) => line.startsWith('diffusion') && line.includes('is not served')),
  );
  await promote(registry(), NAME, '1.0.0');
  await eventually(
    'a picture',
    async () => {
      const { state } = await atelier.generate({ prompt: 'a boat', size: 64, steps: 2, enhance: false });
      return state === GenerationState.SUCCEEDED;
    },
    60_000,
  );
});
