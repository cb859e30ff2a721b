/** Interleaved RGB bytes → planes, as convolutional networks take them. */

/** Writes `rgb` (width·height·3 bytes) into `target` from `offset`, channel after channel, each value `byte · scale + shift`. */
export function writePlanes(
  rgb: Uint8Array,
  target: Float32Array,
  offset: number,
  scale: number,
  shift: number,
): void {
  const plane = rgb.length / 3;
  for (let pixel = 0, at = 0; pixel < plane; pixel++)
    for (let channel = 0; channel < 3; channel++, at++)
      target[offset + channel * plane + pixel] = (rgb[at] as number) * scale + shift;
}
