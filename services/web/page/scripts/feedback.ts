/** What is done with pictures, told to the studio: how its models are judged. No words and no pixels travel here. */
import { api, randomId } from './api.ts';

export interface PictureRef {
  generationId: string;
  imageIndex: number;
}

/** Least time that counts as a look, milliseconds. */
const LEAST_VIEW_MS = 1_000;

/** Feedback that gets lost is no reason to disturb anybody, but a rating says whether it arrived. */
export async function tell(
  about: PictureRef,
  what: { kind: string; [field: string]: unknown },
): Promise<boolean> {
  try {
    await api.interact({ id: randomId(), occurTime: new Date().toISOString(), ...about, ...what });
    return true;
  } catch {
    return false;
  }
}

const toldShown = new Set<string>();
const watched = new Map<Element, { about: PictureRef; since?: number }>();

function startOrStop(element: Element, seen: boolean): void {
  const entry = watched.get(element);
  if (!entry) return;
  const key = `${entry.about.generationId}/${entry.about.imageIndex}`;
  if (seen && !toldShown.has(key)) {
    toldShown.add(key);
    void tell(entry.about, { kind: 'shown' });
  }
  if (seen) entry.since ??= performance.now();
  else flush(entry);
}

function flush(entry: { about: PictureRef; since?: number }): void {
  const ms = performance.now() - (entry.since ?? Number.POSITIVE_INFINITY);
  delete entry.since;
  if (ms >= LEAST_VIEW_MS)
    void tell(entry.about, { kind: 'viewed', durationMs: Math.min(Math.round(ms), 86_400_000) });
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) startOrStop(target, isIntersecting);
  },
  { threshold: 0.5 },
);

/** Count that `element` shows a picture, and for how long it is in sight. */
export function countViews(element: Element, about: PictureRef): void {
  watched.set(element, { about });
  observer.observe(element);
}

/** The element is about to go. */
export function stopCounting(element: Element): void {
  observer.unobserve(element);
  startOrStop(element, false);
  watched.delete(element);
}

document.addEventListener('visibilitychange', () => {
  for (const [element, entry] of watched) {
    if (document.hidden) flush(entry);
    else {
      observer.unobserve(element);
      observer.observe(element);
    }
  }
});
