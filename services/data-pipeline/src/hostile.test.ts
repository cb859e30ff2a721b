/** Whatever strangers send gets a verdict and a reason; nothing crashes, hangs or eats the memory. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, Refused } from './image/decode.ts';
import { DEFAULT_LIMITS } from './image/limits.ts';
import { REASONS } from './reasons.ts';
import { pictureSet, runOnce, temporaryFolder } from './run.fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['sharp_fixtures', 'pillow_tests', 'exif_orientation'])('%s', (name) => {
  const set = pictureSet(name);
  test.skipIf(set === null)('every file gets a verdict and a reason', { timeout: 180_000 }, async () => {
    const files = (await readdir(set as string, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const { rows } = await runOnce({ input: set as string, out: join(folder, name) });
    expect(rows).toHaveLength(files.length);
    expect(new Set(rows.map(({ source }) => source)).size).toBe(files.length);
    for (const row of rows) expect(Object.keys(REASONS)).toContain(row.reason);
    expect(process.memoryUsage().rss).toBeLessThan(1_500_000_000);
  });
});

/** A PNG whose header states a size that its data do not have. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const typed = Buffer.concat([Buffer.from(type), body]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    check.writeUInt32BE(crc32(typed));
    return Buffer.concat([length, typed, check]);
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(0)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const reasonOf = async (bytes: Buffer): Promise<string> =>
  decode(bytes, DEFAULT_LIMITS).then(
    () => 'decoded',
    (error: unknown) => {
      if (error instanceof Refused) return error.verdict.reason;
      throw error;
    },
  );

test.each([
  ['a bomb, by its header alone', bomb(60_000, 60_000), 'too_many_pixels'],
  ['nothing', Buffer.alloc(0), 'not_a_picture'],
  ['text', Buffer.from('a caption that lost its way'), 'not_a_picture'],
  [
    'a program that draws',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>'),
    'not_a_picture',
  ],
  ['a header without pixels', bomb(100, 100), 'undecodable'],
])('refuses %s', async (_, bytes, reason) => {
  expect(await reasonOf(bytes)).toBe(reason);
});

test('a manifest can not name files outside its folder', async () => {
  const place = join(folder, 'manifest');
  await mkdir(place, { recursive: true });
  await writeFile(
    join(place, 'pairs.jsonl'),
    '{"path":"../../../../etc/hostname","caption":"A house"}\n{nonsense\n',
  );
  const { rows } = await runOnce({ input: join(place, 'pairs.jsonl'), out: join(folder, 'manifest-out') });
  expect(rows.map(({ reason }) => reason)).toEqual(['not_a_picture', 'not_a_picture']);
});
