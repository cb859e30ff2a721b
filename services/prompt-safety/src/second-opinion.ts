/** Two classifiers that err in different places. */
import type { Classifier } from './classifier.ts';
import type { Scores } from './score.ts';

/** How much the second counts, of the first: the exponent of its odds. */
const WEIGHT = 0.55;
/** Nobody is surer than that, so that neither overrules the other alone. */
const SUREST = 0.999;

/**
 * What `first` says of each category, its odds times those of any harm by `second` to the power of `WEIGHT`: a logarithmic pool
 * (Genest and Zidek 1986). Nothing of `second` counts where it knows no word of a text.
 */
export function withSecondOpinion(first: Classifier, second: Classifier): Classifier {
  return {
    ...first,
    async classify(texts, signal) {
      const [own, others] = await Promise.all([
        first.classify(texts, signal),
        second.classify(texts, signal),
      ]);
      return own.map((scores, text) => pooled(scores, Math.max(0, ...Object.values(others[text] ?? {}))));
    },
  };
}

function pooled(scores: Scores, harm: number): Scores {
  if (harm === 0) return scores;
  const factor = odds(harm) ** WEIGHT;
  const chances = Object.entries(scores).map(([category, score]) => {
    const both = odds(score) * factor;
    return [category, score === 0 ? 0 : both / (1 + both)];
  });
  return Object.fromEntries(chances) as Scores;
}

function odds(chance: number): number {
  const sure = Math.min(SUREST, Math.max(1 - SUREST, chance));
  return sure / (1 - sure);
}
