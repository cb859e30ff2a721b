/** Six to ten wordings of one landscape, from three words to about sixty. */
import { caption, NOTHING, type Phrase, phrase } from '../captions.ts';
import type { Random } from '../random.ts';
import type { Caption } from '../scene.ts';
import {
  adjectivePlace,
  birdsTail,
  companionTail,
  placeName,
  seasonTail,
  skyTail,
  subject,
  timeOver,
  weatherTail,
  when,
  where,
} from './phrases.ts';
import { moodSentence, skySentence, weatherSentence } from './sentences.ts';
import type { Plan } from './vocabulary.ts';

type Part = Phrase | string;

const OPENERS = [
  'a picture of',
  'an illustration of',
  'a painting of',
  'a drawing of',
  'an image of',
  'a view of',
  'a flat illustration of',
  'a poster of',
  'artwork of',
  'show me',
  'a colourful picture of',
  'a beautiful drawing of',
  'please draw',
  'draw',
];

/** Whether the place itself is what the picture shows. */
const sceneOnly = (plan: Plan): boolean =>
  plan['subject1.kind'] === 'none' || plan['subject1.count'] === 'many';

interface Core {
  colour?: boolean;
  loose?: boolean;
}

/** What is there and where: "a red sailboat on the ocean", "a pine forest". */
function core(random: Random, plan: Plan, { colour = false, loose = false }: Core = {}): Part[] {
  if (sceneOnly(plan)) return [placeName(random, plan)];
  const who = subject(random, plan, { colour, loose, doing: random.chance(0.35) });
  return [who, colour || random.chance(0.4) ? companionTail(random, plan) : NOTHING, where(random, plan)];
}

const loosely = (random: Random, plan: Plan): boolean =>
  plan['subject1.group'] === 'boat'
    ? random.chance(0.5)
    : plan['subject1.group'] === 'animal' && random.chance(0.06);

const opener = (random: Random, share: number): string => (random.chance(share) ? random.pick(OPENERS) : '');

/** Some of the scene's circumstances, each told with the given probability. */
function tails(random: Random, plan: Plan, share: number): Part[] {
  const some = (part: (random: Random, plan: Plan) => Phrase): Part =>
    random.chance(share) ? part(random, plan) : NOTHING;
  const weather = plan.weather === 'clear' && random.chance(0.6) ? NOTHING : some(weatherTail);
  return [some(seasonTail), some(when), weather, some(skyTail), some(birdsTail)];
}

type Form = (random: Random, plan: Plan) => Part[];

const bare: Form = (random, plan) => [
  opener(random, 0.1),
  ...core(random, plan, { loose: loosely(random, plan) }),
];
const named: Form = (random, plan) => [
  opener(random, 0.15),
  ...core(random, plan, { colour: true, loose: loosely(random, plan) }),
];
const nameOnly: Form = (random, plan) =>
  sceneOnly(plan)
    ? bare(random, plan)
    : [
        opener(random, 0.5),
        subject(random, plan, {
          colour: random.chance(0.6),
          loose: loosely(random, plan),
          doing: random.chance(0.5),
        }),
        random.chance(0.6) ? companionTail(random, plan) : NOTHING,
      ];
const timed: Form = (random, plan) => [
  opener(random, 0.1),
  ...core(random, plan, { colour: random.chance(0.4), loose: loosely(random, plan) }),
  when(random, plan),
];
const weathered: Form = (random, plan) => {
  const adjective = random.chance(0.6) ? adjectivePlace(random, plan) : NOTHING;
  if (adjective === NOTHING)
    return [
      ...core(random, plan, { colour: random.chance(0.3) }),
      random.chance(0.5) ? seasonTail(random, plan) : NOTHING,
      weatherTail(random, plan),
    ];
  return sceneOnly(plan)
    ? [adjective, random.chance(0.4) ? when(random, plan) : NOTHING]
    : [subject(random, plan, { colour: random.chance(0.5) }), 'in', adjective];
};
const over: Form = (random, plan) => [
  timeOver(random, plan),
  sceneOnly(plan) ? NOTHING : 'with',
  sceneOnly(plan)
    ? NOTHING
    : subject(random, plan, { colour: random.chance(0.5), loose: loosely(random, plan) }),
];
const mixed: Form = (random, plan) => [
  opener(random, 0.2),
  ...core(random, plan, { colour: random.chance(0.7), loose: loosely(random, plan) }),
  ...tails(random, plan, 0.55),
];
const full: Form = (random, plan) => [
  opener(random, 0.25),
  ...core(random, plan, { colour: true }),
  ...tails(random, plan, 1),
];

/** Comma-separated keywords, as many people write prompts. */
const keywords: Form = (random, plan) => {
  const first = sceneOnly(plan)
    ? placeName(random, plan)
    : subject(random, plan, { colour: random.chance(0.7) });
  const strip = (part: Phrase): Phrase => phrase(part.text.replace(/^(an?|the) /, ''), ...part.states);
  const parts = [
    first,
    sceneOnly(plan) ? NOTHING : phrase(placeWord(plan), 'place'),
    phrase(plan.time === 'day' ? 'daytime' : plan.time, 'time'),
  ];
  if (plan.weather !== 'clear' || random.chance(0.3))
    parts.push(phrase(plan.weather === 'clear' ? 'clear sky' : plan.weather, 'weather'));
  if (plan.season !== 'none' && random.chance(0.6)) parts.push(phrase(plan.season, 'season'));
  return parts
    .filter((part) => part !== NOTHING)
    .flatMap((part, i) => (i ? [',', strip(part)] : [strip(part)]));
};
const placeWord = (plan: Plan): string =>
  plan.place === 'sea' ? 'ocean' : plan.place === 'meadow' ? 'field' : plan.place;

/** Several sentences. */
const long: Form = (random, plan) => {
  const parts: Part[] = [
    random.pick(OPENERS),
    ...core(random, plan, { colour: true }),
    '.',
    skySentence(random, plan),
    '.',
  ];
  parts.push(weatherSentence(random, plan), '.');
  if (plan['sky.body'] !== 'none' && random.chance(0.7))
    parts.push(phrase(`There is a ${plan['sky.body']} in the sky`, 'sky.body'), '.');
  if (plan.birds === 'yes') parts.push(phrase('A few birds fly overhead', 'birds'), '.');
  return [...parts, moodSentence(random), '.'];
};

const FORMS: readonly Form[] = [bare, named, timed, weathered, mixed, full, keywords, long, nameOnly, over];
const MIN = 6;

function write(random: Random, plan: Plan, form: Form): Caption {
  const made = caption(...form(random, plan));
  const text =
    made.text.split(' ').length < 3
      ? `${random.pick(['a picture of', 'a drawing of'])} ${made.text}`
      : made.text;
  const sentence = random.chance(0.55) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return {
    text: random.chance(0.2) && !sentence.endsWith('.') ? `${sentence}.` : sentence,
    states: made.states,
  };
}

/** All wordings of a plan; short ones are the most frequent, as in real prompts. */
export function describe(random: Random, plan: Plan): Caption[] {
  const captions = new Map<string, Caption>();
  const add = (form: Form): void => {
    const made = write(random, plan, form);
    captions.set(made.text.toLowerCase(), made);
  };
  for (const form of FORMS) if (form !== over || random.chance(0.6)) add(form);
  while (captions.size < MIN) add(mixed);
  return [...captions.values()].slice(0, 10);
}
