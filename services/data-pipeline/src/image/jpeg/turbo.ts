/**
 * libjpeg-turbo itself, called without anything in between. A `sharp` pipeline costs as much again as decoding a photograph to
 * a quarter does; of a corpus of photographs that is most of the work.
 * Where the library is not there (it comes with packages for Linux), `openTurbo` gives null and libvips decodes everything.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Raster } from '../raster.ts';

export interface Turbo {
  /**
   * A sound grey or YCbCr JPEG of 8 bits as ⌈width / divisor⌉ × ⌈height / divisor⌉ RGB, as it is stored: not turned, its colours
   * not managed. Null for every other file, of which libvips then has to say what it is.
   */
  decode(bytes: Uint8Array, divisor: 1 | 2 | 4 | 8, maxPixels: number): Raster | null;
}

/** Values of turbojpeg.h (3.1). */
const DECOMPRESS = 1;
const PARAMETER = { stopOnWarning: 0, width: 5, height: 6, precision: 7, colourspace: 8, scanLimit: 13 };
const COLOURSPACES: ReadonlySet<number> = new Set([1, 2]); // YCbCr, grey
const PIXELS_RGB = 0;
/** Scans of a progressive picture: encoders write ten. A thousand would keep a thread for minutes. */
const SCAN_LIMIT = 64;

export async function openTurbo(): Promise<Turbo | null> {
  const file = libraryFile();
  if (file === null) return null;
  const { default: koffi } = await import('koffi');
  const library = koffi.load(file);
  koffi.struct('tjscalingfactor', { num: 'int', denom: 'int' });
  const init = library.func('void* tj3Init(int)');
  const set = library.func('int tj3Set(void*, int, int)');
  const get = library.func('int tj3Get(void*, int)');
  const readHeader = library.func('int tj3DecompressHeader(void*, const uint8_t*, size_t)');
  const setScale = library.func('int tj3SetScalingFactor(void*, tjscalingfactor)');
  const decompress = library.func('int tj3Decompress8(void*, const uint8_t*, size_t, uint8_t*, int, int)');
  const handle: unknown = init(DECOMPRESS);
  set(handle, PARAMETER.stopOnWarning, 1);
  set(handle, PARAMETER.scanLimit, SCAN_LIMIT);
  return {
    decode(bytes, divisor, maxPixels) {
      if (readHeader(handle, bytes, bytes.length) !== 0) return null;
      const [fullWidth, fullHeight] = [get(handle, PARAMETER.width), get(handle, PARAMETER.height)];
      if (!COLOURSPACES.has(get(handle, PARAMETER.colourspace)) || get(handle, PARAMETER.precision) !== 8)
        return null;
      if (fullWidth * fullHeight > maxPixels) return null;
      if (setScale(handle, { num: 1, denom: divisor }) !== 0) return null;
      const [width, height] = [Math.ceil(fullWidth / divisor), Math.ceil(fullHeight / divisor)];
      const rgb = new Uint8Array(3 * width * height);
      if (decompress(handle, bytes, bytes.length, rgb, 0, PIXELS_RGB) !== 0) return null;
      return { width, height, rgb };
    },
  };
}

/** The shared library that comes with the package's build for this machine. */
function libraryFile(): string | null {
  if (process.platform !== 'linux') return null;
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve('@julusian/jpeg-turbo/package.json'));
    const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
    const suffix = header.glibcVersionRuntime ? '' : '-musl';
    const file = join(folder, `prebuilds/jpeg-turbo-linux-${process.arch}${suffix}/libturbojpeg.so.0`);
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}
