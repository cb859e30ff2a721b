/** Places at the water: sea, lake, beach. */
import { darken, mix } from '../palette.ts';
import { hill, range, ridge } from './mountains.ts';
import { drawSky, placeBody } from './sky.ts';
import { fill, put, type Stage } from './stage.ts';
import { standing } from './standing.ts';
import { drawCompanion, drawKind, drawSubject, paintOf, place, type Spot, spots } from './subjects.ts';
import { pine } from './trees.ts';
import type { Kind, SubjectColour } from './vocabulary.ts';
import { drawWater, reflection } from './water.ts';

const BOAT_SIZE: Partial<Record<Kind, number>> = { sailboat: 1.22, ship: 1.2, rowboat: 1.3 };

const afloat = ({ plan }: Stage): boolean => plan['subject1.group'] === 'boat';

/** Boats at `y` with what they mirror in the water, one of them perhaps beside another or a lighthouse. */
function boats(stage: Stage, y: number): string {
  const { plan, random } = stage;
  const kind = plan['subject1.kind'];
  const second = plan['subject2.kind'];
  const left = plan.relation === 'left';
  const mirrored = random.chance(0.4);
  const boat = (spot: Spot, drawing: string, kind: Kind, colour: SubjectColour): string =>
    reflection(stage, spot.x, spot.y, 400 * spot.scale, stage.light.subject(paintOf(kind, colour))) +
    place(drawing, spot, mirrored);
  const own = (spot: Spot): string => boat(spot, drawSubject(stage), kind, plan['subject1.colour']);
  const size = BOAT_SIZE[kind] ?? 1.2;
  if (second === 'none') return spots(stage, Number(plan['subject1.count']), y, size).map(own).join('');
  const x = (left ? 310 : 714) + random.range(-15, 15);
  const other = (left ? 800 : 224) + random.range(-15, 15);
  const behind =
    second === 'lighthouse'
      ? put(other, y - 70, 0.72, drawCompanion(stage))
      : boat(
          { x: other, y: y - 60, scale: 0.62 * (BOAT_SIZE[second] ?? 1) },
          drawCompanion(stage),
          second,
          plan['subject2.colour'],
        );
  return behind + own({ x, y: y + 10, scale: size * 0.82 });
}

/** A lighthouse on its rock in the water, and a boat that may pass it. */
function rock(stage: Stage): string {
  const { plan, random } = stage;
  const second = plan['subject2.kind'];
  if (second === 'none') return put(512 + random.range(-150, 150), 760, 0.92, drawSubject(stage));
  const left = plan.relation === 'left';
  const x = (left ? 300 : 724) + random.range(-20, 20);
  const spot = { x: left ? 770 : 254, y: 830, scale: 0.76 * (BOAT_SIZE[second] ?? 1) };
  return put(x, 760, 0.92, drawSubject(stage)) + place(drawCompanion(stage), spot);
}

export function drawSea(stage: Stage): string {
  const { light, random } = stage;
  const horizon = 560 + random.range(-25, 25);
  const body = placeBody(stage, horizon);
  const coast = random.chance(0.4)
    ? ridge(stage, horizon, random.range(90, 150), light.scenery('#5f7f9e', 0.4))
    : '';
  const things = afloat(stage)
    ? boats(stage, 800)
    : stage.plan['subject1.kind'] === 'lighthouse'
      ? rock(stage)
      : '';
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
    (afloat(stage) ? boats(stage, 790) : '') +
    fill('M-10 1030V930Q200 900 420 985Q480 1010 520 1030Z', grass) +
    fill('M1034 1030V940Q860 910 690 1000L660 1030Z', darken(grass, 0.1)) +
    (kind === 'none' || afloat(stage)
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
