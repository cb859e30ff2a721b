/** Beam search over a language model's next tokens; one beam is greedy decoding. */

/** Log probabilities of every token after each of these prefixes. */
export type NextToken = (prefixes: readonly (readonly number[])[]) => Promise<readonly Float32Array[]>;

export interface DecodeOptions {
  start: number;
  end: number;
  /** Most tokens of a prefix, the start token included. */
  window: number;
  /** Prefixes that are followed at a time, ≥ 1. */
  beams: number;
}

interface Beam {
  ids: number[];
  /** Sum of log probabilities. */
  score: number;
}

/** The likeliest sequence by mean log probability a token, without start and end; cut at the window if it has no end. */
export async function decode(
  next: NextToken,
  { start, end, window, beams }: DecodeOptions,
): Promise<number[]> {
  let open: Beam[] = [{ ids: [start], score: 0 }];
  const finished: Beam[] = [];
  while (open.length > 0 && (open[0] as Beam).ids.length < window) {
    const continuations = await next(open.map(({ ids }) => ids));
    const candidates = open
      .flatMap(({ ids, score }, i) =>
        likeliest(continuations[i] as Float32Array, beams).map(([token, logProbability]) => ({
          ids: [...ids, token],
          score: score + logProbability,
        })),
      )
      .sort((a, b) => b.score - a.score)
      .slice(0, beams);
    finished.push(...candidates.filter(({ ids }) => ids.at(-1) === end));
    open = finished.length >= beams ? [] : candidates.filter(({ ids }) => ids.at(-1) !== end);
  }
  const best = (finished.length > 0 ? finished : open).reduce((a, b) => (perToken(b) > perToken(a) ? b : a));
  return best.ids.filter((id) => id !== start && id !== end);
}

const perToken = ({ ids, score }: Beam): number => score / (ids.length - 1);

/** The `count` largest entries with their places, largest first; of equal ones the earlier. */
function likeliest(values: Float32Array, count: number): [token: number, value: number][] {
  const best: [number, number][] = [];
  for (const [token, value] of values.entries()) {
    if (best.length === count && value <= (best.at(-1) as [number, number])[1]) continue;
    const at = best.findIndex(([, other]) => value > other);
    best.splice(at < 0 ? best.length : at, 0, [token, value]);
    if (best.length > count) best.pop();
  }
  return best;
}
