/** Captions held against their picture: those that don't tell what it shows are replaced, and the new one is held against it too. */
import type { GivenCaption } from '../input/item.ts';
import { type Removal, removed, type Verdict } from '../reasons.ts';
import type { CaptionAction } from '../stages/examined.ts';
import type { CuratedCaptions } from './curate.ts';

/** What somebody who sees the picture says of captions. */
export interface Onlooker {
  /** Similarity below which a caption does not belong to the picture. */
  threshold: number;
  /** Similarity of a caption; null when it can't be judged. */
  score(text: string): Promise<number | null>;
  /** A new caption, or null when none can be made. */
  describe(): Promise<string | null>;
}

/** Why the given captions were not taken. */
export type CaptionIssue = Extract<Removal, 'caption_missing' | 'caption_foreign' | 'caption_irrelevant'>;

export interface SettledCaptions {
  captions: GivenCaption[];
  action: CaptionAction;
  /** Of the caption that fits best; null when none was judged. */
  relevance: number | null;
  issue: CaptionIssue | null;
  verdict: Verdict | null;
}

/** @param onlooker null: nobody looks, captions are as they were curated. */
export async function settleCaptions(
  { captions, action, verdict }: CuratedCaptions,
  onlooker: Onlooker | null,
): Promise<SettledCaptions> {
  const issue = (verdict?.reason ?? null) as CaptionIssue | null;
  if (!onlooker) return { captions, action, relevance: null, issue, verdict };
  const scored: { caption: GivenCaption; score: number | null }[] = [];
  for (const caption of captions) scored.push({ caption, score: await onlooker.score(caption.text) });
  const fitting = scored.filter(({ score }) => score === null || score >= onlooker.threshold);
  if (fitting.length > 0)
    return {
      captions: fitting.map(({ caption }) => caption),
      action: fitting.length < captions.length ? 'cleaned' : action,
      relevance: best(fitting.map(({ score }) => score)),
      issue: null,
      verdict: null,
    };
  return await replace(
    issue ?? 'caption_irrelevant',
    verdict,
    best(scored.map(({ score }) => score)),
    onlooker,
  );
}

async function replace(
  issue: CaptionIssue,
  verdict: Verdict | null,
  given: number | null,
  { threshold, score, describe }: Onlooker,
): Promise<SettledCaptions> {
  const figure = (value: number | null): string => value?.toFixed(3) ?? 'not judged';
  const before = verdict?.detail ?? `similarity ${figure(given)} < ${threshold}`;
  const text = await describe();
  if (text === null)
    return { captions: [], action: 'none', relevance: given, issue, verdict: removed(issue, before) };
  const relevance = await score(text);
  if (relevance === null || relevance < threshold) {
    const detail = `${before}; a made one: ${figure(relevance)}`;
    return { captions: [], action: 'none', relevance, issue, verdict: removed(issue, detail) };
  }
  return { captions: [{ text, states: [] }], action: 'generated', relevance, issue, verdict: null };
}

function best(scores: readonly (number | null)[]): number | null {
  const judged = scores.filter((score) => score !== null);
  return judged.length === 0 ? null : Math.max(...judged);
}
