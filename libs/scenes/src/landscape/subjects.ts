/** Subjects by kind, and where one, two or three of them stand. */
import { COLOURS } from '../palette.ts';
import { rowboat, sailboat, ship } from './boats.ts';
import { house, lighthouse, pyramid } from './buildings.ts';
import { camel, cow, horse, sheep } from './herd.ts';
import { car, umbrella } from './objects.ts';
import { cat, dog } from './pets.ts';
import { put, type Stage } from './stage.ts';
import { cactus, leafyTree, palm, pine } from './trees.ts';
import type { Kind } from './vocabulary.ts';

/** Coats are softer than the named colours of painted things. */
const COATS: Record<string, string> = {
  brown: '#9a6237',
  yellow: '#e2ab55',
  black: '#24242c',
  white: '#f6f1e6',
  grey: '#9a9ca6',
  orange: '#e58a3c',
};

export function subjectColour({ plan }: Stage): string {
  const name = plan['subject1.colour'];
  if (name === 'none') return '#888888';
  return plan['subject1.group'] === 'animal' ? (COATS[name] ?? COLOURS[name]) : COLOURS[name];
}

/** The subject's drawing round its origin. */
export function drawKind(stage: Stage, kind: Kind, colour: string): string {
  const name = stage.plan['subject1.colour'];
  const dark = name === 'black';
  const drawings: Record<Kind, () => string> = {
    sailboat: () => sailboat(stage, colour),
    ship: () => ship(stage, colour),
    rowboat: () => rowboat(stage, colour),
    lighthouse: () => lighthouse(stage, colour),
    house: () => house(stage, colour, name),
    dog: () => dog(stage, colour, dark),
    cat: () => cat(stage, colour, dark),
    horse: () => horse(stage, colour, dark),
    cow: () => cow(stage, dark),
    sheep: () => sheep(stage, dark),
    camel: () => camel(stage),
    cactus: () => cactus(stage),
    pyramid: () => pyramid(stage),
    palm: () => palm(stage),
    umbrella: () => umbrella(stage, colour),
    car: () => car(stage, colour),
    tree: () => leafyTree(stage),
    pine: () => pine(stage),
    none: () => '',
  };
  return drawings[kind]();
}

/** Where a group stands: x, y of each foot point and its scale. */
export interface Spot {
  x: number;
  y: number;
  scale: number;
}

/**
 * Spots for `count` subjects on the line `y`, a single one `size` times its drawing's size.
 * Two and three are smaller and staggered, so that they can be counted.
 */
export function spots({ random }: Stage, count: number, y: number, size: number, x = 512): Spot[] {
  const wobble = (reach: number): number => random.range(-reach, reach);
  if (count === 1) return [{ x: x + wobble(50), y: y + wobble(12), scale: size * random.range(0.94, 1.06) }];
  const small = size * (count === 2 ? 0.74 : 0.56);
  const xs = count === 2 ? [270, 754] : [190, 516, 842];
  return xs.map((at, i) => ({ x: at + wobble(22), y: y + (i % 2 ? -34 : 20) + wobble(10), scale: small }));
}

export const place = (drawing: string, { x, y, scale }: Spot, mirrored = false): string =>
  put(x, y, scale, drawing, mirrored);
