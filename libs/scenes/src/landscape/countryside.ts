/** Places on land: mountains, forest, desert, meadow, city. */
import { darken, lighten } from '../palette.ts';
import { ASPHALT, skyline, street } from './city.ts';
import { hill, range } from './mountains.ts';
import { drawSky, placeBody } from './sky.ts';
import { ellipse, fill, put, type Stage } from './stage.ts';
import { standing } from './standing.ts';
import { drawKind } from './subjects.ts';
import { leafyTree, pine } from './trees.ts';
import type { Value } from './vocabulary.ts';
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
    standing(stage, { colour: grass, y: 940, behind: 900, size: 0.76 })
  );
}

export function drawForest(stage: Stage): string {
  const { light, random, plan } = stage;
  const body = placeBody(stage, 560);
  const leafy = plan['subject1.kind'] !== 'pine' && plan.season !== 'none';
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
    line([70, 950], 930, big, 0) +
    standing(stage, { colour: path, y: 935, behind: 880, size: 0.8 })
  );
}

export function drawDesert(stage: Stage): string {
  const { light, plan, random } = stage;
  const body = placeBody(stage, 600);
  const kind = plan['subject1.kind'];
  const count = Number(plan['subject1.count']) || 0;
  const sand = '#ecc27a';
  const back = kind === 'pyramid' ? pyramids(stage, count) : '';
  const near = light.scenery(sand);
  return (
    drawSky(stage, 620, body) +
    hill(stage, 620, 46, light.scenery('#d9a566', 0.3)) +
    hill(stage, 690, -40, light.scenery('#e3b26a', 0.14)) +
    back +
    hill(stage, 780, 36, near) +
    hill(stage, 930 + random.range(-10, 20), -34, darken(near, 0.1)) +
    (kind === 'pyramid' ? '' : standing(stage, { colour: near, y: 890, behind: 830, size: 1 }))
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
    .map(([x = 0, size = 1]) => put(x + random.range(-20, 20), 800, size, drawKind(stage, 'pyramid', 'none')))
    .join('');
}

export function drawCity(stage: Stage): string {
  const base = 790;
  const body = placeBody(stage, 400);
  const asphalt = stage.light.scenery(ASPHALT);
  return (
    drawSky(stage, 640, body) +
    skyline(stage, base + 4) +
    street(stage, base) +
    standing(stage, { colour: asphalt, y: 980, behind: 850, size: 0.95 })
  );
}

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
    (plan['subject1.kind'] === 'none'
      ? emptyField(stage)
      : standing(stage, { colour: grass, y: 895, behind: 795, size: 1 }))
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
