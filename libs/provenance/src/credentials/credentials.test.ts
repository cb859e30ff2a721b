import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeScene, renderPng } from '@atelier/scenes';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevelopmentIdentity, developmentIdentity } from './development.ts';
import { type Certificates, type Identity, loadIdentity, readCertificates } from './identity.ts';
import { readCredentials } from './read.ts';
import { type Origin, writeCredentials } from './write.ts';

const ORIGIN: Origin = {
  version: '1.2.3',
  models: ['text_encoder@2', 'denoiser@1'],
  fromPicture: false,
  promptEnhanced: true,
  demographicsChosen: true,
};

let folder = '';
let files: DevelopmentIdentity;
let identity: Identity;
let anchors: Certificates;
let png: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-credentials-'));
  files = await developmentIdentity(join(folder, 'identity'));
  identity = await loadIdentity(files);
  anchors = readCertificates(await readFile(files.anchorFile, 'utf8'), files.anchorFile);
  png = await renderPng(composeScene(7), 64);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a picture says who made it and how, and its pixels stay', async () => {
  const signed = await writeCredentials(png, ORIGIN, identity);
  expect(await readCredentials(signed, anchors)).toEqual({
    valid: true,
    trusted: true,
    problems: [],
    claim: {
      signer: 'CN=Atelier development signer',
      generator: 'Atelier 1.2.3',
      source: 'trainedAlgorithmicMedia',
      models: ['denoiser@1', 'text_encoder@2'],
      promptEnhanced: true,
      demographicsChosen: true,
    },
  });
  const pixels = (file: Uint8Array): Promise<Buffer> => sharp(file).raw().toBuffer();
  expect(await pixels(signed)).toEqual(await pixels(png));
});

test('the same picture gives the same bytes; another origin, picture or identity others', async () => {
  const first = await writeCredentials(png, ORIGIN, identity);
  const again = await writeCredentials(Uint8Array.from(png), { ...ORIGIN }, await loadIdentity(files));
  expect(Buffer.compare(first, again)).toBe(0);
  const other = await writeCredentials(png, { ...ORIGIN, fromPicture: true }, identity);
  expect((await readCredentials(other))?.claim?.source).toBe('compositeWithTrainedAlgorithmicMedia');
  expect(Buffer.compare(first, other)).not.toBe(0);
});

test('a picture without credentials has none, and what is no PNG is refused', async () => {
  expect(await readCredentials(png, anchors)).toBeNull();
  await expect(readCredentials(Buffer.from('GIF89a'))).rejects.toThrow('PNG');
});

test('a valid claim is trusted only by who trusts the signer', async () => {
  const signed = await writeCredentials(png, ORIGIN, identity);
  const stranger = await developmentIdentity(join(folder, 'stranger'));
  const others = readCertificates(await readFile(stranger.anchorFile, 'utf8'), stranger.anchorFile);
  for (const list of [[], others])
    expect(await readCredentials(signed, list)).toMatchObject({ valid: true, trusted: false });
});

test('every byte counts: whatever is changed, the picture is no longer what was signed', async () => {
  const signed = Buffer.from(await writeCredentials(png, ORIGIN, identity));
  const manifest = signed.indexOf('caBX');
  const length = signed.readUInt32BE(manifest - 4);
  const places = Array.from({ length: 160 }, (_, i) => Math.floor(((i + 0.5) * signed.length) / 160));
  const escaped: number[] = [];
  for (const place of [...places, signed.lastIndexOf('IDAT') + 9]) {
    const hurt = Buffer.from(signed);
    hurt[place] = (hurt[place] as number) ^ 0x01;
    const read = await readCredentials(hurt, anchors).catch(() => null);
    if (read?.valid) escaped.push(place);
  }
  // In the manifest's own chunk are a few bytes that say nothing: its checksum, and names that nothing refers to.
  const outside = (place: number): boolean => place < manifest || place >= manifest + 4 + length + 4;
  expect(escaped.filter(outside)).toEqual([]);
  expect(escaped.length).toBeLessThan(places.length / 20);
});

test('credentials moved to another picture do not fit it', async () => {
  const signed = Buffer.from(await writeCredentials(png, ORIGIN, identity));
  const other = await renderPng(composeScene(8), 64);
  const at = signed.indexOf('caBX') - 4;
  const chunk = signed.subarray(at, at + 12 + signed.readUInt32BE(at));
  const forged = Buffer.concat([other.subarray(0, 33), chunk, other.subarray(33)]);
  const read = await readCredentials(forged, anchors);
  expect(read).toMatchObject({ valid: false, trusted: false });
  expect(read?.problems).toContain('assertion.dataHash.mismatch');
});

test('an identity is refused when its files do not belong together', async () => {
  const wrong = join(folder, 'wrong.pem');
  const write = (type: 'ed25519' | 'x25519'): Promise<void> => {
    const { privateKey } =
      type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
    return writeFile(wrong, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  };
  await write('ed25519');
  await expect(loadIdentity({ ...files, privateKeyFile: wrong })).rejects.toThrow('not that of the first');
  await write('x25519');
  await expect(loadIdentity({ ...files, privateKeyFile: wrong })).rejects.toThrow('not Ed25519');
  await expect(loadIdentity({ ...files, certificateFile: files.privateKeyFile })).rejects.toThrow(
    'private-key.pem',
  );
});

test('the development identity stays the same once made, by however many', async () => {
  const place = join(folder, 'together');
  const made = await Promise.all(Array.from({ length: 4 }, () => developmentIdentity(place)));
  const keys = await Promise.all(made.map(({ privateKeyFile }) => readFile(privateKeyFile, 'utf8')));
  expect(new Set(keys).size).toBe(1);
  expect((await loadIdentity(made[0] as DevelopmentIdentity)).chain[0].subject).toContain('development');
});
