/** Near-duplicates among public edits of known photographs. */
import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pictureSet, type Row, runOnce, temporaryFolder } from './run.fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PICTURE = /\.(?:jpe?g|png|gif|webp|tiff|bmp|svg)$/i;

/** Groups of file names that ended as one picture. */
async function groupsIn(set: string): Promise<string[][]> {
  const entries = await readdir(set, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
    .map((entry) => relative(set, join(entry.parentPath, entry.name)));
  // Beside the pictures for the manifest's sake; they have no captions of their own.
  const place = await temporaryFolder();
  await symlink(set, join(place, 'set'));
  await writeFile(
    join(place, 'pairs.jsonl'),
    files
      .map((file) => `${JSON.stringify({ path: `set/${file}`, caption: `A photograph of something` })}\n`)
      .join(''),
  );
  const { rows } = await runOnce({
    input: join(place, 'pairs.jsonl'),
    out: join(place, 'out'),
    minContrast: 0,
    minEntropy: 0,
    minSharpness: 0,
  });
  await rm(place, { recursive: true });
  const name = (row: Row): string => row.source.replace(/^.* set\//, '');
  const groups = Map.groupBy(
    rows.filter(({ reason }) => /^kept$|duplicate/.test(reason)),
    (row) => row.duplicate_of ?? row.item,
  );
  return [...groups.values()].map((group) => group.map(name).sort());
}

const groupOf = (groups: string[][], name: string): string[] =>
  groups.find((group) => group.includes(name)) ?? [];

const imagededup = pictureSet('imagededup_tests');
test.skipIf(!imagededup)(
  'imagededup: one photograph in six files, another in five',
  { timeout: 60_000 },
  async () => {
    const groups = await groupsIn(imagededup as string);
    expect(groupOf(groups, 'mixed_images/ukbench00120.jpg')).toEqual([
      'alpha_channel_image.png',
      'mixed_images/ukbench00120.jpg',
      'mixed_images/ukbench00120_hflip.jpg',
      'mixed_images/ukbench00120_resize.jpg',
      'ukbench00120_gray.jpg',
    ]);
    expect(groupOf(groups, 'formats_images/ukbench09380.jpeg')).toHaveLength(5);
    // All else is distinct; the rotated one is turned by an odd angle, which hashes don't find here or there.
    const rest = groups.filter((group) => !/ukbench00120\.|ukbench09380/.test(group.join()));
    expect(rest.filter((group) => group.length > 1)).toEqual([]);
  },
);

const pdq = pictureSet('pdq_transforms');
test.skipIf(!pdq)(
  'PDQ: every edit of the bridge is the bridge, nothing else is',
  { timeout: 60_000 },
  async () => {
    const groups = await groupsIn(pdq as string);
    const bridge = groupOf(groups, 'bridge-mods/aaa-orig.jpg');
    expect(bridge.filter((name) => name.startsWith('bridge-mods/'))).toHaveLength(12);
    expect(bridge.filter((name) => !/^bridge-mods|modes/.test(name))).toEqual([]);
    expect(groups.filter((group) => group !== bridge && group.length > 1)).toEqual([]);
  },
);

const coco = pictureSet('coco256');
test.skipIf(!coco)('no two of 187 photographs are one', { timeout: 120_000 }, async () => {
  expect((await groupsIn(coco as string)).filter((group) => group.length > 1)).toEqual([]);
});
