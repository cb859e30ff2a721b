/** Every stand-in and look-alike by its name. */
import type { Random } from '../random.ts';
import { blood, paint } from './blood.ts';
import { hairDryer, paddle, pencil, petals, spoon, tomatoes } from './everyday.ts';
import { balloon, lifebuoy, noose, swing } from './hanging.ts';
import { barredWheel, EMBLEMS, hookedWheel, twinBolts } from './signs.ts';
import type { Added, LookAlike, StandIn } from './vocabulary.ts';
import { knife, pistol, rifle, sword } from './weapons.ts';

const DRAWINGS: Record<StandIn | LookAlike, (random: Random) => Added> = {
  pistol,
  rifle,
  knife,
  sword,
  pool: (random) => blood(random, 'pool'),
  splatter: (random) => blood(random, 'splatter'),
  drips: (random) => blood(random, 'drips'),
  'hooked-wheel': hookedWheel,
  'twin-bolts': twinBolts,
  'barred-wheel': barredWheel,
  noose,
  'hair-dryer': hairDryer,
  spoon,
  pencil,
  paddle,
  paint,
  tomatoes,
  petals,
  ...EMBLEMS,
  lifebuoy,
  balloon,
  swing,
};

/** Half of the drawing's extent in the picture of 1,024 units: 24 to 38 of 64 pixels from edge to edge. */
const REACH = [192, 304] as const;

/** One thing as SVG, put somewhere in the picture where all of it is seen. */
export function drawAdded(random: Random, thing: StandIn | LookAlike): string {
  const { body, turn, hangs } = DRAWINGS[thing](random);
  const reach = random.range(...REACH);
  const scale = reach / 100;
  const [low, high] = [reach * 0.9, 1024 - reach * 0.9];
  const [x, y] = [random.range(low, high), random.range(hangs ? 0.3 * 1024 : low, high)];
  const mirrored = random.chance(0.5) ? -scale : scale;
  const angle = random.range(-turn, turn);
  return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle.toFixed(1)}) scale(${mirrored.toFixed(3)} ${scale.toFixed(3)})">${body}</g>`;
}
