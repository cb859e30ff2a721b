/** Subjects on the ground of any place: one, two or three of a kind, or one with something else beside it. */
import { darken } from '../palette.ts';
import { ellipse, put, type Stage } from './stage.ts';
import { drawCompanion, drawSubject, place, spots } from './subjects.ts';
import type { Kind } from './vocabulary.ts';

/** The ground of a place, on the canvas of 1024 units. */
export interface Ground {
  /** Its colour under the subjects' feet. */
  readonly colour: string;
  /** Line of the feet. */
  readonly y: number;
  /** Line of what stands behind, such as a house. */
  readonly behind: number;
  /** Size of subjects; 1 where nothing else is to be seen. */
  readonly size: number;
}

/** Sizes of single subjects: drawings have sizes of their own, and small animals come near. */
const ALONE: Partial<Record<Kind, number>> = {
  house: 1.14,
  dog: 1.22,
  cat: 1.24,
  horse: 1.14,
  cow: 1.1,
  sheep: 1.25,
  camel: 1.2,
  cactus: 1.25,
  palm: 1.36,
  pine: 1.2,
  umbrella: 1.2,
  car: 1.15,
  lighthouse: 0.92,
  tree: 1.7,
};

/** Sizes of what is tall and stands behind the subject it accompanies. */
const BEHIND: Partial<Record<Kind, number>> = {
  house: 0.82,
  tree: 1.12,
  palm: 1.05,
  pine: 0.9,
  lighthouse: 0.72,
  pyramid: 0.85,
  cactus: 0.9,
};

/** The subjects with their shadows; nothing where there are none, or where the place itself is made of them. */
export function standing(stage: Stage, ground: Ground): string {
  const { plan } = stage;
  const count = Number(plan['subject1.count']);
  if (!count) return '';
  if (plan['subject2.kind'] !== 'none') return pair(stage, ground);
  const size = (ALONE[plan['subject1.kind']] ?? 1) * ground.size;
  return spots(stage, count, ground.y, size)
    .map((spot) => shadow(ground, spot.x, spot.y, 200 * spot.scale) + place(drawSubject(stage), spot))
    .join('');
}

/** Two that stand apart, the second one behind if it is tall. */
function pair(stage: Stage, ground: Ground): string {
  const { plan, random } = stage;
  const left = plan.relation === 'left';
  const x = (left ? 325 : 708) + random.range(-20, 20);
  const other = (left ? 790 : 234) + random.range(-15, 15);
  const first = plan['subject1.kind'];
  const second = plan['subject2.kind'];
  const tall = BEHIND[second];
  const size = (tall ?? 0.76 * (ALONE[second] ?? 1)) * ground.size;
  const y = tall ? ground.behind : ground.y - 12;
  const own = (ALONE[first] ?? 1) * (first === 'tree' || first === 'palm' ? 0.7 : 0.86) * ground.size;
  return (
    (tall ? '' : shadow(ground, other, y, 190 * size)) +
    put(other, y, size, drawCompanion(stage)) +
    shadow(ground, x, ground.y + 10, 200 * own) +
    put(x, ground.y + 10, own, drawSubject(stage))
  );
}

const shadow = ({ colour }: Ground, x: number, y: number, half: number): string =>
  ellipse(x, y, half, 20, darken(colour, 0.22), 0.7);
