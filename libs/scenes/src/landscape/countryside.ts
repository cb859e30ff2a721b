/** Places on land: mountains, forest, desert, meadow, city. */
import { darken, lighten } from '../palette.ts';
import { skyline, street } from './city.ts';
import { hill, range } from './mountains.ts';
import { drawSky, placeBody } from './sky.ts';
import { ellipse, fill, put, type Stage } from './stage.ts';
import { drawKind, place, spots, subjectColour } from './subjects.ts';
import { leafyTree, pine } from './trees.ts';
import type { Kind, Value } from './vocabulary.ts';
import { ground } from './weather.ts';

/** Grass by season, near tone. */
const GRASS: Record<Value<'season'>, string> = {
  spring: '#7cc45a',
  summer: '#5fb04c',
  none: '#5fb04c',
  autumn: '#c2a548',
  winter: '#f2f6fb',
};

export function drawMountains(stage: Stage): string {
  const { light, random, plan } = stage;
  const horizon = 720;
  const body = placeBody(stage, 340);
  const grass = light.scenery(stage.snowy ? GRASS.winter : GRASS.summer);
  const kind = plan['subject1.kind'];
  const pines = (xs: readonly number[], size: number): string =>
    xs
      .map((x) =>
        put(
          x + random.range(-25, 25),
          950 + random.range(-25, 45),
          size * random.range(0.85, 1.15),
          pine(stage),
        ),
      )
      .join('');
  return (
    drawSky(stage, horizon, body) +
    range(stage, horizon + 80, 1.06) +
    hill(stage, 740, 40, darken(light.scenery(stage.snowy ? '#dfe8f2' : '#4f9a55', 0.16), 0.04)) +
    hill(stage, 850, 34, grass) +
    (kind === 'pine' ? pines([110, 300, 500, 720, 920], 0.62) : '') +
    (kind === 'house'
      ? put(512 + random.range(-110, 110), 930, 0.84, drawKind(stage, kind, subjectColour(stage)))
      : '')
  );
}

export function drawForest(stage: Stage): string {
  const { light, random, plan } = stage;
  const body = placeBody(stage, 560);
  const leafy = plan['subject1.kind'] === 'tree';
  const tree = (depth: number): string => (leafy ? leafyTree(stage, depth) : pine(stage, depth));
  const line = (xs: readonly number[], y: number, size: number, depth: number): string =>
    xs
      .map((x) =>
        put(
          x + random.range(-22, 22),
          y + random.range(-14, 14),
          size * random.range(0.93, 1.1),
          tree(depth),
        ),
      )
      .join('');
  const grass = light.scenery(stage.snowy ? GRASS.winter : GRASS[plan.season]);
  const path = light.scenery(stage.snowy ? '#d5deea' : '#cda878');
  const big = leafy ? 1.3 : 1.2;
  return (
    drawSky(stage, 640, body) +
    line([60, 230, 400, 570, 740, 910], 690, leafy ? 0.78 : 0.72, 0.42) +
    ground('floor', 660, light.scenery(stage.snowy ? '#dde7f1' : GRASS[plan.season], 0.25), grass) +
    fill('M470 668Q440 800 300 1030H724Q600 800 540 668Z', path) +
    line([150, 330, 700, 880], 770, leafy ? 0.95 : 0.88, 0.14) +
    line([70, 950], 930, big, 0)
  );
}

export function drawDesert(stage: Stage): string {
  const { light, plan, random } = stage;
  const body = placeBody(stage, 600);
  const kind = plan['subject1.kind'];
  const count = Number(plan['subject1.count']) || 0;
  const sand = '#ecc27a';
  const back = kind === 'pyramid' ? pyramids(stage, count) : '';
  const size: Partial<Record<Kind, number>> = { camel: count > 1 ? 1.06 : 1.2, cactus: 1.25 };
  const front = kind === 'camel' || kind === 'cactus' ? spots(stage, count, 890, size[kind] ?? 1) : [];
  return (
    drawSky(stage, 620, body) +
    hill(stage, 620, 46, light.scenery('#d9a566', 0.3)) +
    hill(stage, 690, -40, light.scenery('#e3b26a', 0.14)) +
    back +
    hill(stage, 780, 36, light.scenery(sand)) +
    hill(stage, 930 + random.range(-10, 20), -34, darken(light.scenery(sand), 0.1)) +
    front
      .map(
        (spot) =>
          ellipse(
            spot.x + 20,
            spot.y + 2,
            190 * spot.scale,
            20 * spot.scale,
            darken(light.scenery(sand), 0.28),
            0.6,
          ) + place(drawKind(stage, kind, ''), spot),
      )
      .join('')
  );
}

function pyramids(stage: Stage, count: number): string {
  const { random } = stage;
  const places =
    count === 1
      ? [[512, 1.5]]
      : count === 2
        ? [
            [300, 1.05],
            [740, 0.85],
          ]
        : [
            [185, 0.72],
            [860, 0.66],
            [530, 1.02],
          ];
  return places
    .map(([x = 0, size = 1]) => put(x + random.range(-20, 20), 800, size, drawKind(stage, 'pyramid', '')))
    .join('');
}

export function drawCity(stage: Stage): string {
  const { plan, random } = stage;
  const base = 790;
  const body = placeBody(stage, 400);
  const car =
    plan['subject1.kind'] === 'car'
      ? put(512 + random.range(-120, 120), 985, 1.15, drawKind(stage, 'car', subjectColour(stage)))
      : '';
  return drawSky(stage, 640, body) + skyline(stage, base + 4) + street(stage, base) + car;
}

const MEADOW_SIZE: Partial<Record<Kind, number>> = {
  house: 1.14,
  dog: 1.22,
  cat: 1.24,
  horse: 1.14,
  cow: 1.1,
  sheep: 1.25,
  tree: 1.7,
};

export function drawMeadow(stage: Stage): string {
  const { light, plan } = stage;
  const body = placeBody(stage, 580);
  const season = stage.snowy ? 'winter' : plan.season;
  const grass = light.scenery(GRASS[season]);
  return (
    drawSky(stage, 600, body) +
    hill(stage, 570, 50, light.scenery(stage.snowy ? '#cfdcea' : '#57a06a', 0.36)) +
    hill(stage, 640, -44, light.scenery(stage.snowy ? '#e0e9f3' : GRASS[season], 0.16)) +
    ground('grass', 716, lighten(grass, 0.06), darken(grass, 0.12)) +
    hill(stage, 712, 20, lighten(grass, 0.05), 760) +
    (season === 'spring' ? flowers(stage) : '') +
    meadowSubjects(stage, grass)
  );
}

function flowers({ light, random }: Stage): string {
  let dots = '';
  for (let i = 0; i < 12; i++) {
    const [x, y] = [50 + (i % 6) * 180 + random.range(-50, 50), (i < 6 ? 815 : 950) + random.range(-40, 40)];
    dots += ellipse(x, y, 17, 15, light.subject(i % 2 ? '#f48cb4' : '#fdf3d0'));
  }
  return dots;
}

function meadowSubjects(stage: Stage, grass: string): string {
  const { plan, random } = stage;
  const kind = plan['subject1.kind'];
  if (kind === 'none') return emptyField(stage);
  const colour = subjectColour(stage);
  const shadow = (x: number, y: number, half: number): string =>
    ellipse(x, y, half, 20, darken(grass, 0.22), 0.7);
  const companion = plan['subject2.kind'];
  const size = MEADOW_SIZE[kind] ?? 1;
  if (companion === 'none')
    return spots(stage, Number(plan['subject1.count']), 895, size)
      .map((spot) => shadow(spot.x, spot.y, 200 * spot.scale) + place(drawKind(stage, kind, colour), spot))
      .join('');
  const left = plan.relation === 'left';
  const x = (left ? 325 : 708) + random.range(-20, 20);
  const other = (left ? 790 : 234) + random.range(-15, 15);
  const drawing =
    companion === 'tree' ? put(other, 800, 1.12, leafyTree(stage)) : put(other, 790, 0.82, drawHouse(stage));
  return (
    drawing +
    shadow(x, 905, 190) +
    put(x, 905, size * (kind === 'house' ? 0.95 : 0.9), drawKind(stage, kind, colour))
  );
}

/** The house behind an animal: always white with a red roof, so that it needs no colour of its own. */
function drawHouse(stage: Stage): string {
  const plan = { ...stage.plan, 'subject1.colour': 'white' as const };
  return drawKind({ ...stage, plan }, 'house', '#fbf4e4');
}

/** A field with nothing in it but a winding path and a few bushes on the far hill. */
function emptyField(stage: Stage): string {
  const { light, random } = stage;
  const path = light.scenery(stage.snowy ? '#cfdae8' : '#e0c48c', 0.05);
  const side = random.chance(0.5) ? 1 : -1;
  const at = (x: number): number => 512 + side * x;
  const bushes = [-330, -240, 300].map((x) => put(at(x), 690, 0.36, leafyTree(stage, 0.2))).join('');
  const d = `M${at(-30)} 716Q${at(170)} 780 ${at(-20)} 840Q${at(-230)} 910 ${at(-120)} 1030H${at(200)}Q${at(60)} 930 ${at(130)} 850Q${at(260)} 780 ${at(6)} 716Z`;
  return bushes + fill(d, path);
}
