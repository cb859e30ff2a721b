/** What will be added to the prompt, shown before it is drawn, and taken back with one click. */
import { api } from './api.ts';
import { byId, fill } from './dom.ts';
import { enrichedText } from './enriched-text.ts';

const PAUSE_MS = 450;

export interface EnrichmentInput {
  prompt: string;
  seed: number;
  on: boolean;
}

/** @returns how to look again, after prompt, style, seed or switch changed. */
export function setUpEnrichment(input: () => EnrichmentInput, undo: () => void): () => void {
  const box = byId('enrichment');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  const look = async (): Promise<void> => {
    const { prompt, seed, on } = input();
    if (!on || prompt.trim() === '') {
      box.hidden = true;
      return;
    }
    asking = new AbortController();
    const { signal } = asking;
    try {
      const enhanced = await api.enhance(prompt, seed, signal);
      if (signal.aborted) return;
      box.hidden = enhanced.additions.length === 0;
      fill(byId('enriched'), 'Will be drawn as: ', ...enrichedText(enhanced));
    } catch {
      // The picture itself will say what is wrong.
      if (!signal.aborted) box.hidden = true;
    }
  };

  byId('enrichment-undo').addEventListener('click', () => {
    undo();
    box.hidden = true;
    byId('prompt').focus();
  });
  return () => {
    asking?.abort();
    clearTimeout(timer);
    timer = setTimeout(() => void look(), PAUSE_MS);
  };
}
