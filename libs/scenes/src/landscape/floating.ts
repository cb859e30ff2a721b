/** Subjects on the water: boats, and a lighthouse that they pass. */
import { put, type Stage } from './stage.ts';
import { drawCompanion, drawSubject, paintOf, place, type Spot, spots } from './subjects.ts';
import type { Kind, SubjectColour } from './vocabulary.ts';
import { reflection } from './water.ts';

const BOAT_SIZE: Partial<Record<Kind, number>> = { sailboat: 1.22, ship: 1.2, rowboat: 1.3 };

/** Whether the first subject is a boat. */
export const isAfloat = ({ plan }: Stage): boolean => plan['subject1.group'] === 'boat';

/** What is on the open water: boats on the line `y`, or a lighthouse on its rock; nothing where the subject stands ashore. */
export function floating(stage: Stage, y: number): string {
  if (isAfloat(stage)) return boats(stage, y);
  return stage.plan.place === 'sea' && stage.plan['subject1.kind'] === 'lighthouse' ? rock(stage) : '';
}

/** Boats with what they mirror in the water, one of them perhaps beside another or a lighthouse. */
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
