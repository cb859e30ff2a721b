/** Mountain ranges and hills as layers that fade with distance. */
import { darken, mix } from '../palette.ts';
import { type Point, polygonPath, smoothPath } from '../svg.ts';
import { fill, type Stage } from './stage.ts';

/** A far, low ridge of rounded tops, filled down to `base`. */
export function ridge({ random }: Stage, base: number, height: number, colour: string): string {
  const points: Point[] = [];
  for (let x = -40; x <= 1064; x += 184) points.push([x, base - height * random.range(0.35, 1)]);
  return fill(`${smoothPath(points)}L1064 ${base + 4}L-40 ${base + 4}Z`, colour);
}

/** One peak: lit left face, shaded right face, snow on top reaching `snow` (0..1) of its height. */
function peak(
  x: number,
  base: number,
  half: number,
  height: number,
  rock: string,
  snowColour: string,
  snow: number,
): string {
  const top = base - height;
  const at = (share: number, side: number): Point => [x + side * half * share, top + height * share];
  const [s, zig] = [snow, height * 0.07];
  const cap = (side: number): Point[] => [
    [x, top],
    at(s, side),
    [x + side * half * s * 0.66, top + height * s - zig],
    [x + side * half * s * 0.34, top + height * s + zig],
    [x, top + height * s - zig * 0.4],
  ];
  return (
    fill(
      polygonPath([
        [x, top],
        [x - half, base],
        [x + half, base],
      ]),
      rock,
    ) +
    fill(
      polygonPath([
        [x, top],
        [x + half, base],
        [x + half * 0.12, base],
        [x - half * 0.06, top + height * 0.55],
      ]),
      darken(rock, 0.24),
    ) +
    fill(polygonPath(cap(-1)), snowColour) +
    fill(polygonPath(cap(1)), mix(snowColour, '#5b78a8', 0.28))
  );
}

/** Two far ridges and three great peaks standing on `base`. */
export function range(stage: Stage, base: number, scale = 1): string {
  const { light, random, plan } = stage;
  const snow = light.scenery('#f7fafd', 0.02);
  const rock = light.scenery('#6b7690', 0.08);
  const far = light.scenery('#7f8fae', 0.34);
  const share = plan.season === 'winter' ? 0.62 : 0.32;
  const jitter = (): number => random.range(-40, 40);
  const middle = 512 + jitter() * 2;
  return (
    ridge(stage, base, 330 * scale, light.scenery('#8ea0c4', 0.55)) +
    peak(middle - 330, base, 330 * scale, (400 + jitter()) * scale, far, mix(snow, far, 0.2), share) +
    peak(middle + 340, base, 350 * scale, (430 + jitter()) * scale, far, mix(snow, far, 0.2), share) +
    peak(middle, base, 400 * scale, (560 + jitter()) * scale, rock, snow, share)
  );
}

/** Rolling ground from about `top` to the bottom edge. */
export function hill({ random }: Stage, top: number, swell: number, colour: string, bottom = 1024): string {
  const side = random.chance(0.5) ? 1 : -1;
  const points: Point[] = [
    [-20, top - side * swell],
    [340, top + swell * 0.3 * side],
    [700, top + swell * side * 0.2],
    [1044, top + swell * side],
  ];
  return fill(`${smoothPath(points)}L1044 ${bottom}L-20 ${bottom}Z`, colour);
}
