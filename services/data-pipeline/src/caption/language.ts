/** Which language a caption is in. */
import { eld } from 'eld/large';

/** ISO 639-1 code of the text, "" when it has too little to tell. */
export function languageOf(text: string): string {
  return eld.detect(text).language;
}

/**
 * Whether the caption is in `language`, or too short to say that it is not: a detector's guess on three words is worth
 * less than the habit of the corpus, so a wanted language only has to come close to the best guess.
 */
export function isIn(language: string, text: string): boolean {
  const scores = eld.detect(text).getScores();
  const best = Math.max(0, ...Object.values(scores));
  const wanted = scores[language] ?? 0;
  return best === 0 ? /^[\p{ASCII}\p{P}\s]*$/u.test(text) : wanted >= TOLERANCE * best;
}

/** Share of the best score that the wanted language must reach. */
const TOLERANCE = 0.85;
