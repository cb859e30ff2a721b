/** PNG (ISO/IEC 15948) of small pictures. */
import { constants, crc32, deflateSync } from 'node:zlib';
import type { Raster } from './raster.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const [BITS, RGB] = [8, 2];
/** Filter 1 of clause 9: each value less that of the pixel to its left. */
const SUB = 1;
/**
 * No search for repetitions: in what the filter leaves there are few. Photographs of 64 pixels come out a sixth smaller than
 * unfiltered ones of level 2, drawings a twentieth, in less time.
 */
const DEFLATE = { level: 1, strategy: constants.Z_HUFFMAN_ONLY };

export function encodePng({ width, height, rgb }: Raster): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, RGB], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(filtered(rgb, 3 * width, height), DEFLATE)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Rows of `run` bytes, each after the byte that names its filter. */
function filtered(rgb: Uint8Array, run: number, height: number): Uint8Array {
  const lines = new Uint8Array((run + 1) * height);
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    lines[to++] = SUB;
    let [red, green, blue] = [0, 0, 0];
    for (const end = from + run; from < end; from += 3, to += 3) {
      lines[to] = (rgb[from] as number) - red;
      lines[to + 1] = (rgb[from + 1] as number) - green;
      lines[to + 2] = (rgb[from + 2] as number) - blue;
      red = rgb[from] as number;
      green = rgb[from + 1] as number;
      blue = rgb[from + 2] as number;
    }
  }
  return lines;
}

function chunk(type: string, body: Buffer): Buffer {
  const framed = Buffer.alloc(12 + body.length);
  framed.writeUInt32BE(body.length, 0);
  framed.write(type, 4, 'latin1');
  framed.set(body, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + body.length)), 8 + body.length);
  return framed;
}
