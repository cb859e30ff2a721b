/** Subjects by kind, and where one, two or three of them stand. */
import { COLOURS } from '../palette.ts';
import { rowboat, sailboat, ship } from './boats.ts';
import { house, lighthouse, pyramid } from './buildings.ts';
import { camel, cow, horse, sheep } from './herd.ts';
import { GROUPS } from './kinds.ts';
import { car, umbrella } from './objects.ts';
import { cat, dog } from './pets.ts';
import { put, type Stage } from './stage.ts';
import { cactus, leafyTree, palm, pine } from './trees.ts';
import type { Kind, SubjectColour } from './vocabulary.ts';

/** Coats are softer than the named colours of painted things. */
const COATS: Record<string, string> = {
  brown: '#9a6237',
  yellow: '#e2ab55',
  black: '#24242c',
  white: '#f6f1e6',
  grey: '#9a9ca6',
  orange: '#e58a3c',
};

/** What a kind of thing or animal of a colour is painted with. */
export function paintOf(kind: Kind, colour: SubjectColour): string {
  if (colour === 'none') return '#888888';
  return GROUPS[kind] === 'animal' ? (COATS[colour] ?? COLOURS[colour]) : COLOURS[colour];
}

/** A thing or an animal round its origin, feet at y = 0. */
export function drawKind(stage: Stage, kind: Kind, colour: SubjectColour): string {
  const paint = paintOf(kind, colour);
  const dark = colour === 'black';
  const drawings: Record<Kind, () => string> = {
    sailboat: () => sailboat(stage, paint),
    ship: () => ship(stage, paint),
    rowboat: () => rowboat(stage, paint),
    lighthouse: () => lighthouse(stage, paint),
    house: () => house(stage, paint, colour),
    dog: () => dog(stage, paint, dark),
    cat: () => cat(stage, paint, dark),
    horse: () => horse(stage, paint, dark),
    cow: () => cow(stage, dark),
    sheep: () => sheep(stage, dark),
    camel: () => camel(stage),
    cactus: () => cactus(stage),
    pyramid: () => pyramid(stage),
    palm: () => palm(stage),
    umbrella: () => umbrella(stage, paint),
    car: () => car(stage, paint),
    tree: () => leafyTree(stage),
    pine: () => pine(stage),
    none: () => '',
  };
  return drawings[kind]();
}

/** The first subject round its origin. */
export const drawSubject = (stage: Stage): string =>
  drawKind(stage, stage.plan['subject1.kind'], stage.plan['subject1.colour']);

/** What is beside it, round its own. */
export const drawCompanion = (stage: Stage): string =>
  drawKind(stage, stage.plan['subject2.kind'], stage.plan['subject2.colour']);

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
