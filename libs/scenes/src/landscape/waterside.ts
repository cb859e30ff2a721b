/** Places at the water: sea, lake, beach. */
import { darken, mix } from '../palette.ts';
import { floating, isAfloat } from './floating.ts';
import { hill, range, ridge } from './mountains.ts';
import { drawSky, placeBody } from './sky.ts';
import { fill, put, type Stage } from './stage.ts';
import { standing } from './standing.ts';
import { drawKind, drawSubject, place, type Spot, spots } from './subjects.ts';
import { pine } from './trees.ts';
import { drawWater } from './water.ts';

export function drawSea(stage: Stage): string {
  const { light, random } = stage;
  const horizon = 560 + random.range(-25, 25);
  const body = placeBody(stage, horizon);
  const coast = random.chance(0.4)
    ? ridge(stage, horizon, random.range(90, 150), light.scenery('#5f7f9e', 0.4))
    : '';
  const things = floating(stage, 800);
  return drawSky(stage, horizon, body) + coast + drawWater(stage, horizon, body) + things;
}

export function drawLake(stage: Stage): string {
  const { light, random, snowy } = stage;
  const horizon = 520 + random.range(-15, 15);
  const body = placeBody(stage, 300);
  const shore = light.scenery(snowy ? '#e8eff6' : '#3f8f52', 0.12);
  const trees = [60, 150, 240, 790, 880, 970]
    .map((x) => put(x + random.range(-20, 20), horizon + 26, random.range(0.26, 0.36), pine(stage, 0.15)))
    .join('');
  const grass = light.scenery(snowy ? '#f1f5fa' : '#4c9b4e');
  const kind = stage.plan['subject1.kind'];
  return (
    drawSky(stage, horizon, body) +
    range(stage, horizon + 22, 0.76) +
    hill(stage, horizon + 4, 10, shore, horizon + 40) +
    trees +
    drawWater(stage, horizon + 26, body) +
    fill(
      `M150 ${horizon + 26}Q512 ${horizon + 330} 874 ${horizon + 26}Z`,
      mix(light.water[0], light.scenery('#6b7690'), 0.5),
      0.4,
    ) +
    floating(stage, 790) +
    fill('M-10 1030V930Q200 900 420 985Q480 1010 520 1030Z', grass) +
    fill('M1034 1030V940Q860 910 690 1000L660 1030Z', darken(grass, 0.1)) +
    (kind === 'none' || isAfloat(stage)
      ? ''
      : bank(grass) + standing(stage, { colour: grass, y: 945, behind: 900, size: 0.86 }))
  );
}

/** The near bank, where there is somebody to stand on it. */
const bank = (grass: string): string => fill('M-10 1030V890Q230 840 512 862T1034 880V1030Z', grass);

export function drawBeach(stage: Stage): string {
  const { light, random, plan } = stage;
  const horizon = 500 + random.range(-20, 20);
  const body = placeBody(stage, horizon);
  const sand = light.scenery('#f3d49b');
  const foam = light.scenery('#fdfbf2');
  const tide = random.range(-15, 15);
  const shoreline = (dy: number): string =>
    `M-10 ${735 + dy + tide}Q260 ${660 + dy + tide} 520 ${720 + dy + tide}T1034 ${690 + dy + tide}V1034H-10Z`;
  const kind = plan['subject1.kind'];
  const sailing = kind === 'sailboat' || kind === 'ship';
  const palms = kind === 'palm' && plan['subject2.kind'] === 'none';
  return (
    drawSky(stage, horizon, body) +
    (kind === 'none' ? ridge(stage, horizon, 150, light.scenery('#4f8f86', 0.3)) : '') +
    drawWater(stage, horizon, body, 780) +
    (sailing ? passing(stage, horizon + 110) : '') +
    fill(shoreline(-16), foam) +
    fill(shoreline(14), darken(sand, 0.12)) +
    fill(shoreline(44), sand) +
    (palms
      ? palmGrove(stage)
      : sailing
        ? ''
        : standing(stage, { colour: sand, y: 915, behind: 860, size: 0.98 }))
  );
}

/** Boats off the beach. */
const passing = (stage: Stage, y: number): string =>
  spots(stage, Number(stage.plan['subject1.count']), y, 0.72)
    .map((spot) => place(drawSubject(stage), spot))
    .join('');

/** One to three palms; the second of two leans the other way. */
function palmGrove(stage: Stage): string {
  const { random, plan } = stage;
  const count = Number(plan['subject1.count']);
  const xs = count === 1 ? [random.chance(0.5) ? 330 : 640] : count === 2 ? [220, 750] : [150, 490, 830];
  const size = count === 1 ? 1.36 : count === 2 ? 1.14 : 0.9;
  const spot = (x: number, i: number): Spot => ({
    x: x + random.range(-25, 25),
    y: 930 - (i % 2) * 30,
    scale: size * random.range(0.95, 1.05),
  });
  return xs
    .map((x, i) => place(drawKind(stage, 'palm', 'none'), spot(x, i), i % 2 === 1 && count === 2))
    .join('');
}
