/** Captions made wrong in one point, to ask whether a dual encoder notices (the trainer's `make_wrong` in TypeScript). */
import type { Random } from '@atelier/scenes';

const COUNTS = ['one', 'two', 'three', 'four', 'five'];
const MIRRORED: Readonly<Record<string, string>> = {
  left: 'right',
  right: 'left',
  above: 'below',
  below: 'above',
};

/** The text with another count, or with its relation mirrored (both ends of "left … right"); null when it has neither. */
export function wrongCaption(text: string, random: Random): string | null {
  const spots = [...text.toLowerCase().matchAll(/[a-z]+/g)].filter(
    ([word]) => COUNTS.includes(word) || word in MIRRORED,
  );
  if (spots.length === 0) return null;
  const spot = random.pick(spots);
  const [word] = spot;
  if (word in MIRRORED) return text.toLowerCase().replace(/[a-z]+/g, (found) => MIRRORED[found] ?? found);
  const other = random.pick(COUNTS.filter((count) => count !== word));
  return text.slice(0, spot.index) + other + text.slice(spot.index + word.length);
}
