/** The landscape grammar: plan, draw, describe. */
import type { Random } from '../random.ts';
import type { Attributes, Drawing, Grammar } from '../scene.ts';
import { describe } from './captions.ts';
import { drawCity, drawDesert, drawForest, drawMeadow, drawMountains } from './countryside.ts';
import { lightOf } from './light.ts';
import { planLandscape } from './plan.ts';
import type { Stage } from './stage.ts';
import type { Place } from './vocabulary.ts';
import { drawBeach, drawLake, drawSea } from './waterside.ts';
import { drawWeather } from './weather.ts';

export { LANDSCAPE_VOCABULARY } from './vocabulary.ts';

const PLACES: Record<Place, (stage: Stage) => string> = {
  sea: drawSea,
  lake: drawLake,
  beach: drawBeach,
  mountains: drawMountains,
  forest: drawForest,
  desert: drawDesert,
  city: drawCity,
  meadow: drawMeadow,
};

/** Draw one landscape. Throws RangeError for pinned attributes no landscape can have. */
export const landscapeGrammar: Grammar = (random: Random, fixed?: Attributes): Drawing => {
  const plan = planLandscape(random.fork('plan'), fixed);
  const stage: Stage = {
    plan,
    light: lightOf(plan),
    random: random.fork('drawing'),
    snowy: plan.season === 'winter' || plan.weather === 'snow',
  };
  return {
    attributes: { ...plan },
    captions: describe(random.fork('captions'), plan),
    body: PLACES[plan.place](stage) + drawWeather(stage),
  };
};
