/** Places at the water: sea, lake, beach. */
import { darken, mix } from '../palette.ts';
import { hill, range, ridge } from './mountains.ts';
import { drawSky, placeBody } from './sky.ts';
import { fill, put, type Stage } from './stage.ts';
import { drawKind, place, spots, subjectColour } from './subjects.ts';
import { pine } from './trees.ts';
import { drawWater, reflection } from './water.ts';

const BOAT_SIZE: Record<string, number> = { sailboat: 1.22, ship: 1.2, rowboat: 1.3, lighthouse: 1 };

function boats(stage: Stage, y: number): string {
  const kind = stage.plan['subject1.kind'];
  if (kind === 'none') return '';
  const colour = subjectColour(stage);
  if (kind === 'lighthouse')
    return put(512 + stage.random.range(-150, 150), 760, 0.92, drawKind(stage, kind, colour));
  const mirrored = stage.random.chance(0.4);
  return spots(stage, Number(stage.plan['subject1.count']), y, BOAT_SIZE[kind] ?? 1.2)
    .map((spot) => {
      const shine = reflection(stage, spot.x, spot.y, 400 * spot.scale, stage.light.subject(colour));
      return shine + place(drawKind(stage, kind, colour), spot, mirrored);
    })
    .join('');
}

export function drawSea(stage: Stage): string {
  const { light, random } = stage;
  const horizon = 560 + random.range(-25, 25);
  const body = placeBody(stage, horizon);
  const coast = random.chance(0.4)
    ? ridge(stage, horizon, random.range(90, 150), light.scenery('#5f7f9e', 0.4))
    : '';
  return drawSky(stage, horizon, body) + coast + drawWater(stage, horizon, body) + boats(stage, 800);
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
    boats(stage, 790) +
    fill('M-10 1030V930Q200 900 420 985Q480 1010 520 1030Z', grass) +
    fill('M1034 1030V940Q860 910 690 1000L660 1030Z', darken(grass, 0.1))
  );
}

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
  let things = '';
  if (kind === 'palm') {
    const count = Number(plan['subject1.count']);
    const xs = count === 1 ? [random.chance(0.5) ? 330 : 640] : count === 2 ? [220, 750] : [150, 490, 830];
    const size = count === 1 ? 1.36 : count === 2 ? 1.14 : 0.9;
    things = xs
      .map((x, i) =>
        put(
          x + random.range(-25, 25),
          930 - (i % 2) * 30,
          size * random.range(0.95, 1.05),
          drawKind(stage, kind, ''),
          i % 2 === 1 && count === 2,
        ),
      )
      .join('');
  } else if (kind === 'umbrella') {
    const paired = plan['subject2.kind'] === 'palm';
    const left = plan.relation === 'left';
    const x = paired ? (left ? 300 : 724) : 512 + random.range(-60, 60);
    const other = paired ? put(left ? 770 : 250, 915, 1.12, drawKind(stage, 'palm', ''), !left) : '';
    things = other + put(x, 920, paired ? 1 : 1.2, drawKind(stage, kind, subjectColour(stage)));
  }
  return (
    drawSky(stage, horizon, body) +
    (kind === 'none' ? ridge(stage, horizon, 150, light.scenery('#4f8f86', 0.3)) : '') +
    drawWater(stage, horizon, body, 780) +
    fill(shoreline(-16), foam) +
    fill(shoreline(14), darken(sand, 0.12)) +
    fill(shoreline(44), sand) +
    things
  );
}
