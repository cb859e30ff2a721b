/** How much sharper the cascade is than bicubic interpolation, against the vector render at 1024. */
import { composeScene, renderRgb } from '@atelier/scenes';
import sharp from 'sharp';

const [SMALL, LARGE] = [64, 1024];

export interface Enlargement {
  modelDb: number;
  bicubicDb: number;
  lanczosDb: number;
}

/** Mean PSNR in dB over the scenes of these seeds. */
export async function measureEnlargement(
  upscale: (rgb: Uint8Array) => Promise<Uint8Array>,
  seeds: readonly number[],
): Promise<Enlargement> {
  const sums = { modelDb: 0, bicubicDb: 0, lanczosDb: 0 };
  for (const seed of seeds) {
    const scene = composeScene(seed);
    const [small, truth] = await Promise.all([renderRgb(scene, SMALL), renderRgb(scene, LARGE)]);
    sums.modelDb += psnr(await upscale(small), truth) / seeds.length;
    sums.bicubicDb += psnr(await resize(small, 'cubic'), truth) / seeds.length;
    sums.lanczosDb += psnr(await resize(small, 'lanczos3'), truth) / seeds.length;
  }
  return sums;
}

function resize(rgb: Uint8Array, kernel: 'cubic' | 'lanczos3'): Promise<Uint8Array> {
  return sharp(rgb, { raw: { width: SMALL, height: SMALL, channels: 3 } })
    .resize(LARGE, LARGE, { kernel })
    .raw()
    .toBuffer();
}

/** Peak signal-to-noise ratio of two byte pictures of one size, in dB. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}
