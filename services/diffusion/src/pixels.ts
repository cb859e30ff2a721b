/**
 * A planar picture of [-1, 1] as interleaved RGB8, rounded as diffusers does (halves to even).
 * @param planes channels × pixels, three channels.
 */
export function toRgb8(planes: Float32Array): Uint8Array<ArrayBuffer> {
  const pixels = planes.length / 3;
  const rgb = new Uint8ClampedArray(planes.length);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < pixels; i++) {
      rgb[i * 3 + channel] = ((planes[channel * pixels + i] as number) / 2 + 0.5) * 255;
    }
  }
  return new Uint8Array(rgb.buffer);
}

/** Interleaved RGB8 as a planar picture of [-1, 1]. */
export function toPlanes(rgb: Uint8Array): Float32Array<ArrayBuffer> {
  const pixels = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < pixels; i++) {
      planes[channel * pixels + i] = ((rgb[i * 3 + channel] as number) / 255) * 2 - 1;
    }
  }
  return planes;
}
