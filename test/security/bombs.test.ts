/** Small files that want to become large: refused or read, with neither much memory nor much time. */
import { crc32, deflateSync } from 'node:zlib';
import { CreateGenerationRequestSchema, create, ImageFormat, ImageSchema } from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readInputPictures } from '../../services/orchestrator/src/input-pictures.ts';
import { readPicture } from '../../services/super-resolution/src/codec.ts';

const MIB = 1_048_576;
/** What reading a bomb may cost. */
const MOST_MEMORY_MIB = 160;
const MOST_MS = 20_000;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A greyscale PNG whose header says `side`, with what `pixels` inflates to and more chunks before that. */
function png(side: number, pixels: Uint8Array, more: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), ...more, chunk('IDAT', pixels), chunk('IEND', new Uint8Array())];
  return Buffer.concat([signature, ...parts]);
}

const honest = (side: number): Buffer => deflateSync(Buffer.alloc(side * (side + 1)));
const zeros = deflateSync(Buffer.alloc(512 * MIB), { level: 9 });
const named = (name: string): Buffer => Buffer.concat([Buffer.from(`${name}\0\0`, 'latin1'), zeros]);
const animation = await sharp(Buffer.alloc(64 * 64 * 40 * 3), {
  raw: { width: 64, height: 64 * 40, channels: 3, pageHeight: 64 },
})
  .webp({ loop: 0, delay: Array.from({ length: 40 }, () => 10) })
  .toBuffer();

const BOMBS: [string, Buffer][] = [
  ['a header of 65,535 pixels a side', png(65_535, honest(64))],
  ['a header of 4,096 × 4,096 pixels, which is four times too many', png(4_096, honest(64))],
  ['pixels that inflate to 512 MiB', png(64, zeros)],
  ['a text that inflates to 512 MiB', png(64, honest(64), [chunk('zTXt', named('Comment'))])],
  ['a colour profile that inflates to 512 MiB', png(64, honest(64), [chunk('iCCP', named('profile'))])],
  ['an animation', animation],
];

/** INVALID_ARGUMENT or OK, and what it took. */
async function measured(read: () => Promise<unknown>) {
  const began = performance.now();
  const before = process.memoryUsage().rss;
  const code = await read().then(
    () => Code.OK,
    (error: { code?: Code }) => error.code,
  );
  return { code, ms: performance.now() - began, mib: (process.memoryUsage().rss - before) / MIB };
}

test.each(BOMBS)(
  '%s',
  async (_, file) => {
    expect(file.length).toBeLessThan(MIB);
    const request = create(CreateGenerationRequestSchema, { prompt: 'A boat', options: { initImage: file } });
    const image = create(ImageSchema, { width: 64, height: 64, format: ImageFormat.PNG, data: file });
    for (const read of [() => readInputPictures(request), () => readPicture(image, [64])]) {
      const { code, ms, mib } = await measured(read);
      expect([Code.INVALID_ARGUMENT, Code.OK]).toContain(code);
      expect(mib).toBeLessThan(MOST_MEMORY_MIB);
      expect(ms).toBeLessThan(MOST_MS);
    }
  },
  60_000,
);

test.each(BOMBS.slice(0, 2))('%s is refused', async (_, file) => {
  const request = create(CreateGenerationRequestSchema, { prompt: 'A boat', options: { initImage: file } });
  await expect(readInputPictures(request)).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
});
