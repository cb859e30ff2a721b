/** One scene from one seed: the entry every consumer uses. */
import { abstractGrammar } from './abstract/grammar.ts';
import { landscapeGrammar } from './landscape/grammar.ts';
import { portraitGrammar } from './portrait/grammar.ts';
import { createRandom } from './random.ts';
import type { Attributes, Domain, Grammar, Scene } from './scene.ts';
import { svgDocument } from './svg.ts';

const GRAMMARS: Record<Domain, Grammar> = {
  landscape: landscapeGrammar,
  portrait: portraitGrammar,
  abstract: abstractGrammar,
};

/** Share of each domain when none is asked for. */
const MIX: Record<Domain, number> = { landscape: 0.42, portrait: 0.3, abstract: 0.28 };

export interface ComposeOptions {
  domain?: Domain;
  /** Attributes to pin instead of drawing at random, e.g. `{ time: 'night' }`. Unknown keys throw RangeError. */
  fixed?: Attributes;
}

/** Compose the scene of a seed (any integer). The same seed and options always give the same scene. */
export function composeScene(seed: number, options: ComposeOptions = {}): Scene {
  const random = createRandom(`scene/${seed}`);
  const domain = options.domain ?? random.weighted(MIX);
  const drawing = GRAMMARS[domain](random.fork(domain), options.fixed);
  return {
    seed,
    domain,
    attributes: drawing.attributes,
    captions: drawing.captions,
    svg: svgDocument(drawing.body),
  };
}
