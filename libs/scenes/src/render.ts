/** Vector scene → pixels. */
import sharp, { type Sharp } from 'sharp';
import type { Scene } from './scene.ts';

/** PNG of a scene, `size`×`size` pixels (1..4096), sRGB without alpha. */
export async function renderPng(scene: Pick<Scene, 'svg'>, size: number): Promise<Buffer> {
  return rasterise(scene.svg, size).png({ compressionLevel: 6 }).toBuffer();
}

/** Raw interleaved RGB bytes of a scene, length 3·size². */
export async function renderRgb(scene: Pick<Scene, 'svg'>, size: number): Promise<Uint8Array> {
  return rasterise(scene.svg, size).raw().toBuffer();
}

/** An RGB pipeline of an SVG document. librsvg rasterises at the size asked for (its own antialiasing), so edges are as exact as the size allows. */
export function rasterise(svg: string, size: number): Sharp {
  return rasteriseLayer(svg, size).flatten({ background: '#ffffff' }).removeAlpha();
}

/** The same as RGBA: transparent where the document draws nothing. */
export function rasteriseLayer(svg: string, size: number): Sharp {
  const document = svg.replace('width="1024" height="1024"', `width="${size}" height="${size}"`);
  return sharp(Buffer.from(document));
}
