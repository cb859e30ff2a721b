import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, spawnService } from '@atelier/local-mesh';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { afterEach, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
const MODEL = 'unet/model.onnx';
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

interface Manifest {
  roles: {
    denoiser: { files: { model: { sha256: string; bytes: number } }; config: Record<string, unknown> };
  };
}

/** A copy of the tiny bundle that can be spoilt. */
async function copyBundle() {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-bad-'));
  folders.push(folder);
  await cp(tinyBundlePath, folder, { recursive: true });
  const model = join(folder, MODEL);
  const manifest = join(folder, 'atelier.json');
  const edit = async (change: (denoiser: Manifest['roles']['denoiser']) => void): Promise<void> => {
    const parsed = JSON.parse(await readFile(manifest, 'utf8')) as Manifest;
    change(parsed.roles.denoiser);
    await writeFile(manifest, JSON.stringify(parsed));
  };
  return {
    folder,
    model,
    edit,
    /** Other bytes in the model's place, which the manifest vouches for. */
    async replaceModel(bytes: Uint8Array): Promise<void> {
      await writeFile(model, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await edit((denoiser) => Object.assign(denoiser.files.model, { sha256, bytes: bytes.length }));
    },
  };
}
type Copy = Awaited<ReturnType<typeof copyBundle>>;

/** Some weights of the last layer, which follow its name in the file, made NaN: all ones is NaN at any alignment. */
async function poison({ model, replaceModel }: Copy): Promise<void> {
  const bytes = await readFile(model);
  const weights = bytes.lastIndexOf('conv_out') + 100;
  await replaceModel(bytes.fill(0xff, weights, weights + 256));
}

test.each<[string, (copy: Copy) => Promise<void>, RegExp]>([
  ['a missing file', async ({ model }) => await rm(model), /unet\/model\.onnx/],
  [
    'a file of another hash',
    async ({ model }) => {
      const bytes = await readFile(model);
      bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
      await writeFile(model, bytes);
    },
    /unet\/model\.onnx.*SHA-256/i,
  ],
  [
    'a truncated ONNX file that the manifest vouches for',
    async ({ model, replaceModel }) => {
      const bytes = await readFile(model);
      await replaceModel(bytes.subarray(0, bytes.length / 2));
    },
    /Model \\?"denoiser\\?"/,
  ],
  [
    'an unknown noise schedule',
    async ({ edit }) => await edit(({ config }) => Object.assign(config, { beta_schedule: 'wavy' })),
    /denoiser.*beta_schedule/,
  ],
  [
    'a config whose shape contradicts the graph',
    async ({ edit }) => await edit(({ config }) => Object.assign(config, { channels: 4 })),
    /unet\/model\.onnx has an input \\?"sample\\?"/,
  ],
  ['weights that are NaN', poison, /denoiser gave NaN or infinity/],
])('%s: the service says so, is never healthy and ends', async (_what, spoil, words) => {
  const copy = await copyBundle();
  await spoil(copy);
  const lines: string[] = [];
  const service = spawnService({
    name: 'diffusion',
    entry,
    address: `127.0.0.1:${await freePort()}`,
    env: { ATELIER_MODEL_BUNDLE: copy.folder, ATELIER_INFERENCE_THREADS: '1' },
    onLine: (line) => lines.push(line),
  });
  try {
    expect(await service.exited()).toMatchObject({ code: 1 });
    expect(lines.join('\n')).toMatch(words);
    expect(lines.join('\n')).not.toMatch(/"msg":"serving"/);
  } finally {
    await service.stop();
  }
});
