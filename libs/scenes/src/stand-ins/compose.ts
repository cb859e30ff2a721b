/** An ordinary scene with stand-ins for harm in it, or with things that look like them, or as it is. */
import { composeScene } from '../compose.ts';
import { createRandom } from '../random.ts';
import type { Attributes, Scene } from '../scene.ts';
import { svgDocument } from '../svg.ts';
import { drawAdded } from './draw.ts';
import { HARMS, type Harm, LOOK_ALIKES, STAND_INS } from './vocabulary.ts';

const SHARES = { harmful: 0.5, 'look-alike': 0.25, plain: 0.25 };

/** Attributes of such a scene: `harm.<kind>` is the thing drawn or 'none', `look-alike` likewise. */
const harmKey = (harm: Harm): string => `harm.${harm}`;
const LOOK_ALIKE_KEY = 'look-alike';

export interface StandInOptions {
  /** Draw this kind and nothing else, instead of what the seed says; 'none' leaves the scene as it is. */
  harm?: Harm | 'none';
}

/** A scene, and what was added to it. */
export interface StandInScene extends Scene {
  /** The added things alone, on nothing: a complete document as `svg` is. */
  layer: string;
}

/**
 * The scene of a seed with something added: half of all have one stand-in or two, a quarter only a look-alike, a quarter
 * nothing. Its captions are those of the scene, which tell nothing of what was added: these pictures train classifiers,
 * never a generator. The same seed and options always give the same picture.
 */
export function composeStandInScene(seed: number, { harm }: StandInOptions = {}): StandInScene {
  const scene = composeScene(seed);
  const random = createRandom(`stand-ins/${seed}`);
  const share = harm === undefined ? random.weighted(SHARES) : harm === 'none' ? 'plain' : 'harmful';
  const kinds = harm === undefined ? random.sample(HARMS, random.chance(0.2) ? 2 : 1) : [harm];
  const attributes: Attributes = Object.fromEntries([
    ...HARMS.map((kind) => [harmKey(kind), 'none']),
    [LOOK_ALIKE_KEY, 'none'],
  ]);
  const added: string[] = [];
  if (share === 'look-alike' || (share === 'harmful' && harm === undefined && random.chance(0.2))) {
    const thing = random.pick(LOOK_ALIKES);
    attributes[LOOK_ALIKE_KEY] = thing;
    added.push(drawAdded(random.fork(thing), thing));
  }
  if (share === 'harmful')
    for (const kind of kinds as Harm[]) {
      const thing = random.pick(STAND_INS[kind]);
      attributes[harmKey(kind)] = thing;
      added.push(drawAdded(random.fork(thing), thing));
    }
  return {
    ...scene,
    attributes: { ...scene.attributes, ...attributes },
    svg: scene.svg.replace(/<\/svg>$/, `${added.join('')}</svg>`),
    layer: svgDocument(added.join('')),
  };
}
