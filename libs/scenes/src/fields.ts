/** Which attribute belongs to which figure, and the share that came out right. */
import type { Attributes } from './scene.ts';

export const FIELDS = ['subject', 'colour', 'count', 'relation', 'timeWeather', 'portrait'] as const;
export type Field = (typeof FIELDS)[number];

const PORTRAIT = new Set([
  'age',
  'gender',
  'skin.tone',
  'hair.style',
  'hair.colour',
  'glasses',
  'hat',
  'beard',
  'expression',
]);
const SUBJECT = new Set([
  'place',
  'subject1.kind',
  'subject1.group',
  'subject2.kind',
  'kind',
  'symbol',
  'group1.shape',
  'group2.shape',
]);
const COUNTS = new Set(['1', '2', '3', '4']);

/** The figure that a stated attribute counts towards; undefined for those that count nowhere (season, birds, …). */
export function fieldOf(key: string, value: string): Field | undefined {
  if (PORTRAIT.has(key)) return 'portrait';
  if (value === 'none' || value === 'many') return undefined;
  if (key === 'relation') return 'relation';
  if (key === 'time' || key === 'weather') return 'timeWeather';
  if (key.endsWith('.count')) return COUNTS.has(value) ? 'count' : undefined;
  if (/colour\d?$/.test(key) || key === 'background') return 'colour';
  return SUBJECT.has(key) ? 'subject' : undefined;
}

/**
 * Shares right per figure over many pictures: `stated` against what the judge saw. The subject is right when all its stated
 * keys are; the others count attribute by attribute. NaN where nothing was stated.
 */
export function score(pictures: readonly { stated: Attributes; seen: Attributes }[]): Record<Field, number> {
  const right = new Map<Field, boolean[]>(FIELDS.map((field) => [field, []]));
  for (const { stated, seen } of pictures) {
    let subject: boolean | undefined;
    for (const [key, value] of Object.entries(stated)) {
      const field = fieldOf(key, value);
      if (!field) continue;
      const hit = seen[key] === value;
      if (field === 'subject') subject = (subject ?? true) && hit;
      else right.get(field)?.push(hit);
    }
    if (subject !== undefined) right.get('subject')?.push(subject);
  }
  return Object.fromEntries(
    FIELDS.map((field) => {
      const hits = right.get(field) ?? [];
      return [field, hits.filter(Boolean).length / hits.length];
    }),
  ) as Record<Field, number>;
}

/** Share of the stated attributes, of kinds that are counted, that were seen, 0..1; NaN when none is. */
export function shareSeen(stated: Attributes, seen: Attributes): number {
  const counted = Object.entries(stated).filter(([key, value]) => fieldOf(key, value) !== undefined);
  return counted.filter(([key, value]) => seen[key] === value).length / counted.length;
}
