/** The captions of an item → those to train on, or why there are none. */
import type { GivenCaption } from '../input/item.ts';
import { removed, type Verdict } from '../reasons.ts';
import type { CaptionAction } from '../stages/examined.ts';
import { cleanCaption } from './clean.ts';
import { isIn, languageOf } from './language.ts';

export interface CuratedCaptions {
  captions: GivenCaption[];
  action: CaptionAction;
  /** ISO 639-1 of the first caption that says something. */
  language: string;
  verdict: Verdict | null;
}

/** Captions that survive cleaning and are in `language`, each once. A changed caption keeps what it states. */
export function curateCaptions(given: readonly GivenCaption[], language: string): CuratedCaptions {
  const cleaned = given
    .map(({ text, states }) => ({ text: cleanCaption(text), states, as: text }))
    .filter(({ text }) => text !== '');
  const first = cleaned[0];
  if (!first) {
    const detail = given.length === 0 ? 'none given' : 'nothing left after cleaning';
    return { captions: [], action: 'none', language: '', verdict: removed('caption_missing', detail) };
  }
  const wanted = cleaned.filter(({ text }) => isIn(language, text));
  const found = languageOf(first.text);
  if (wanted.length === 0)
    return {
      captions: [],
      action: 'none',
      language: found,
      verdict: removed('caption_foreign', `language ${found || 'unknown'}`),
    };
  const unique = [...new Map(wanted.map((caption) => [caption.text, caption])).values()];
  return {
    captions: unique.map(({ text, states }) => ({ text, states })),
    action: unique.every(({ text, as }) => text === as) ? 'as_given' : 'cleaned',
    language: isIn(language, first.text) ? language : found,
    verdict: null,
  };
}
