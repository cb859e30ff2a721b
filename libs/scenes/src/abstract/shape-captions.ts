/** Paraphrases of shapes and their relations. */
import { caption, oneOf, type Phrase, phrase } from '../captions.ts';
import type { Random } from '../random.ts';
import type { Caption } from '../scene.ts';
import type { Shapes } from './picture.ts';
import type { Relation } from './vocabulary.ts';
import { backgroundPhrase, groupPhrase, uncounted } from './words.ts';

const OPENINGS = [
  '',
  '',
  '',
  '',
  '',
  'a picture of',
  'an image of',
  'an abstract picture with',
  'a drawing of',
  'an illustration of',
  'we see',
  'draw',
  'simple shapes:',
];

/** Wordings from group1 to group2, and from group2 to group1. */
const RELATION_WORDS: Record<
  Exclude<Relation, 'none'>,
  { forth: readonly string[]; back: readonly string[] }
> = {
  above: {
    forth: ['above', 'above', 'over', 'on top of', 'directly above', 'higher than'],
    back: ['below', 'below', 'under', 'beneath', 'underneath', 'directly below'],
  },
  left: {
    forth: ['to the left of', 'to the left of', 'left of', 'on the left of', 'on the left side of'],
    back: ['to the right of', 'to the right of', 'right of', 'on the right of', 'on the right side of'],
  },
  inside: {
    forth: ['inside', 'inside', 'within', 'in', 'enclosed by', 'in the middle of'],
    back: ['around', 'around', 'surrounding', 'enclosing', 'containing', 'with inside it'],
  },
};

/** Both groups told apart by their places. */
const PLACES: Record<Exclude<Relation, 'none'>, readonly (readonly [string, string])[]> = {
  above: [
    ['at the top', 'at the bottom'],
    ['above', 'below'],
    ['in the upper half', 'in the lower half'],
  ],
  left: [
    ['on the left', 'on the right'],
    ['in the left half', 'in the right half'],
    ['at the left', 'at the right'],
  ],
  inside: [
    ['on the inside', 'on the outside'],
    ['in the middle', 'around it'],
  ],
};

/** Six to eight different captions; with two groups nearly all tell the relation. */
export function describeShapes(random: Random, picture: Shapes): Caption[] {
  const writers = picture.group2
    ? [
        () => forth(random, picture),
        () => back(random, picture),
        () => forth(random, picture),
        () => back(random, picture),
        () => forth(random, picture, true),
        () => back(random, picture, true),
        () => placed(random, picture),
        () => paragraph(random, picture),
      ]
    : single(random, picture);
  const seen = new Set<string>();
  return writers.map((write) => write()).filter(({ text }) => !seen.has(text) && seen.add(text));
}

const opening = (random: Random): string => random.pick(OPENINGS);
const ground = (random: Random, picture: Shapes, always = false): Phrase | string =>
  always || random.chance(0.3) ? backgroundPhrase(random, picture.background) : '';

function single(random: Random, picture: Shapes): (() => Caption)[] {
  const group = (colour = true): Phrase => groupPhrase(random, 'group1', picture.group1, colour);
  return [
    () => caption(group()),
    () => caption(opening(random), group()),
    () => caption(opening(random), group(), ground(random, picture)),
    () => caption(group(false), ground(random, picture)),
    () => caption(uncounted(random, picture.group1), ground(random, picture)),
    () =>
      caption(
        oneOf(
          random,
          ['geometric shapes', 'simple shapes', 'an abstract picture with shapes', 'flat geometric shapes'],
          'kind',
        ),
        ground(random, picture, true),
      ),
    () => caption(opening(random), group(), ground(random, picture, true)),
    () => caption(group(), ground(random, picture, true)),
    () =>
      caption(
        'A simple geometric picture: there',
        picture.group1.count === '1' ? 'is' : 'are',
        group(),
        ', large and easy to see, and nothing else',
        ground(random, picture, true),
        '.',
      ),
  ];
}

const told = ({ relation }: Shapes): Exclude<Relation, 'none'> => (relation === 'none' ? 'above' : relation);

/** Colours are left out now and then where the shapes already differ. */
function groups(random: Random, { group1, group2 }: Shapes): [Phrase, Phrase] {
  const other = group2 ?? group1;
  const plain = group1.shape !== other.shape && random.chance(0.12);
  return [groupPhrase(random, 'group1', group1, !plain), groupPhrase(random, 'group2', other, !plain)];
}

function forth(random: Random, picture: Shapes, background = false): Caption {
  const [a, b] = groups(random, picture);
  return caption(
    opening(random),
    a,
    phrase(random.pick(RELATION_WORDS[told(picture)].forth), 'relation'),
    b,
    ground(random, picture, background),
  );
}

function back(random: Random, picture: Shapes, background = false): Caption {
  const [a, b] = groups(random, picture);
  const word = random.pick(RELATION_WORDS[told(picture)].back);
  if (word === 'with inside it')
    return caption(
      opening(random),
      b,
      phrase('with', 'relation'),
      a,
      'inside',
      ground(random, picture, background),
    );
  return caption(opening(random), b, phrase(word, 'relation'), a, ground(random, picture, background));
}

function placed(random: Random, picture: Shapes): Caption {
  const [a, b] = groups(random, picture);
  const [first, second] = random.pick(PLACES[told(picture)]);
  const halves: (Phrase | string)[][] = [
    [a, phrase(first, 'relation')],
    [b, phrase(second, 'relation')],
  ];
  if (random.chance(0.5) && second !== 'around it') halves.reverse();
  return caption(
    opening(random),
    ...(halves[0] as Phrase[]),
    random.pick(['and', ',', 'and']),
    ...(halves[1] as Phrase[]),
    ground(random, picture),
  );
}

function paragraph(random: Random, picture: Shapes): Caption {
  const [a, b] = groups(random, picture);
  const words = RELATION_WORDS[told(picture)];
  const start = random.pick([
    'A simple composition of geometric shapes:',
    'A flat geometric picture with',
    'This abstract picture shows',
    'On a plain surface we see',
  ]);
  return random.chance(0.5)
    ? caption(
        start,
        a,
        phrase(random.pick(words.forth), 'relation'),
        b,
        ',',
        'clearly separated and easy to count',
        ground(random, picture, true),
        '.',
      )
    : caption(
        start,
        b,
        phrase(words.back[0] as string, 'relation'),
        a,
        ',',
        'clearly arranged and easy to count',
        ground(random, picture, true),
        '.',
      );
}
