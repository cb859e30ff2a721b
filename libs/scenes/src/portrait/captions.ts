/** Paraphrases of a portrait, from two words to some sixty. */
import { caption, type Phrase, phrase } from '../captions.ts';
import type { Random } from '../random.ts';
import type { Caption } from '../scene.ts';
import { feeling, look, person, skin, toneAdjective } from './people.ts';
import type { Portrait } from './vocabulary.ts';
import { background, beard, eyewear, garment, hair, hat } from './words.ts';

type Writer = (random: Random, portrait: Portrait) => Caption;

/** Seven to ten different captions: some tell one thing, one tells all. */
export function describePortrait(random: Random, portrait: Portrait): Caption[] {
  const forms: Writer[] = [bare, few(1), few(1), few(2), few(2), few(3), few(4), tags, everything, sentences];
  const dropped = random.int(0, 2);
  const kept = [...forms.slice(0, 7 - dropped), ...forms.slice(7)];
  const seen = new Set<string>();
  return kept.map((write) => write(random, portrait)).filter(({ text }) => !seen.has(text) && seen.add(text));
}

const OPENINGS = [
  '',
  '',
  '',
  '',
  'a portrait of',
  'a portrait of',
  'a picture of',
  'a close-up of',
  'an image of',
  'an illustration of',
  'a drawing of',
  'portrait of',
  'picture of',
  'close-up of',
  'a headshot of',
  'the face of',
  'a photo of',
  'draw',
  'a flat illustration of',
];

const opening = (random: Random): string => random.pick(OPENINGS);

function bare(random: Random, portrait: Portrait): Caption {
  const adjective = random.chance(0.35) ? random.pick([feeling, toneAdjective])(random, portrait) : '';
  return caption(opening(random), random.chance(0.9) ? 'a' : '', adjective, person(random, portrait));
}

type Detail = 'hair' | 'hat' | 'glasses' | 'beard' | 'expression' | 'clothes' | 'skin' | 'background';

/** What is worth saying first: things seen at once count more, absences are said now and then. */
function details(random: Random, portrait: Portrait, count: number): Set<Detail> {
  const weights: Record<Detail, number> = {
    hair: 1.3,
    hat: portrait.hat === 'none' ? 0.12 : 2,
    glasses: portrait.glasses === 'none' ? 0.15 : 2,
    beard: portrait.beard === 'none' ? (portrait.gender === 'man' ? 0.15 : 0) : 2,
    expression: 1.2,
    clothes: 1,
    skin: 0.9,
    background: 0.8,
  };
  const chosen = new Set<Detail>();
  while (chosen.size < count) {
    const next = random.weighted(weights);
    chosen.add(next);
    weights[next] = 0;
  }
  return chosen;
}

const list = (parts: readonly Phrase[]): Phrase => {
  const texts = parts.map((part) => part.text);
  const text =
    texts.length > 2 ? `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}` : texts.join(' and ');
  return phrase(text, ...parts.flatMap((part) => part.states));
};

/** 'a smiling old man with grey hair and glasses, wearing a red cap on a blue background' */
function few(count: number): Writer {
  return (random, portrait) => compose(random, portrait, details(random, portrait, count));
}

function compose(random: Random, portrait: Portrait, told: ReadonlySet<Detail>): Caption {
  const before: Phrase[] = [];
  const having: Phrase[] = [];
  const wearing: Phrase[] = [];
  const after: Phrase[] = [];
  if (told.has('expression'))
    random.chance(0.6) ? before.push(feeling(random, portrait)) : after.push(look(random, portrait));
  if (told.has('skin'))
    random.chance(0.65) ? before.push(toneAdjective(random, portrait)) : having.push(skin(random, portrait));
  if (told.has('hair')) {
    if (portrait['hair.style'] === 'bald' && random.chance(0.6)) before.push(phrase('bald', 'hair.style'));
    else having.push(hair(random, portrait));
  }
  if (told.has('beard')) {
    if (portrait.beard === 'beard' && random.chance(0.2)) before.push(phrase('bearded', 'beard'));
    else if (portrait.beard === 'none' && random.chance(0.6)) before.push(phrase('clean-shaven', 'beard'));
    else having.push(beard(random, portrait));
  }
  if (told.has('glasses')) {
    if (portrait.glasses === 'none')
      after.push(
        phrase(random.pick(['without glasses', 'wearing no glasses', 'not wearing glasses']), 'glasses'),
      );
    else (random.chance(0.5) ? having : wearing).push(eyewear(random, portrait));
  }
  if (told.has('hat')) {
    if (portrait.hat === 'none')
      after.push(phrase(random.pick(['without a hat', 'bareheaded', 'wearing no hat']), 'hat', 'hat.colour'));
    else (random.chance(0.25) ? having : wearing).push(hat(random, portrait));
  }
  if (told.has('clothes')) wearing.push(garment(random, portrait));
  const verb = random.chance(0.85) ? 'with' : 'who has';
  const worn = random.pick([
    'wearing',
    'in',
    'wearing',
    'dressed in',
    having.length ? 'wearing' : 'who wears',
  ]);
  return caption(
    opening(random),
    'a',
    ...random.sample(before, before.length),
    person(random, portrait),
    ...(having.length ? [verb, list(random.sample(having, having.length))] : []),
    ...(having.length && wearing.length ? [random.pick([',', '', 'and'])] : []),
    ...(wearing.length
      ? [
          wearing.some((w) => w.states.includes('glasses')) ? 'wearing' : worn,
          list(random.sample(wearing, wearing.length)),
        ]
      : []),
    ...after.flatMap((part) => [random.pick([',', '']), part]),
    ...(told.has('background') ? [background(random, portrait)] : []),
  );
}

/** Keywords: 'old man, grey hair, glasses, blue background' */
function tags(random: Random, portrait: Portrait): Caption {
  const told = details(random, portrait, random.int(2, 5));
  const bits: Phrase[] = [];
  if (told.has('hair')) bits.push(hair(random, portrait));
  if (told.has('glasses')) bits.push(eyewear(random, portrait));
  if (told.has('beard')) bits.push(beard(random, portrait));
  if (told.has('hat')) bits.push(hat(random, portrait));
  if (told.has('expression')) bits.push(feeling(random, portrait));
  if (told.has('clothes')) bits.push(garment(random, portrait));
  if (told.has('skin')) bits.push(skin(random, portrait));
  const plain = random
    .sample(bits, bits.length)
    .map((bit) => phrase(bit.text.replace(/^an? /, ''), ...bit.states));
  const behind = told.has('background') ? [background(random, portrait)] : [];
  return caption(
    random.pick(['', '', 'portrait,', 'portrait of']),
    person(random, portrait),
    ...plain.flatMap((bit) => [',', bit]),
    ...behind,
  );
}

/** All there is to tell, in one sentence. */
function everything(random: Random, portrait: Portrait): Caption {
  const told = new Set<Detail>(['hair', 'hat', 'glasses', 'expression', 'clothes', 'skin', 'background']);
  if (portrait.beard !== 'none') told.add('beard');
  if (portrait.hat === 'none' && random.chance(0.7)) told.delete('hat');
  if (portrait.glasses === 'none' && random.chance(0.7)) told.delete('glasses');
  return compose(random, portrait, told);
}

/** A small paragraph: 'A young woman looks at us. She has long red hair …' */
function sentences(random: Random, portrait: Portrait): Caption {
  const told = details(random, portrait, random.int(3, 6));
  const who = person(random, portrait);
  const known = who.states.includes('gender');
  const she = phrase(
    known ? (portrait.gender === 'woman' ? 'She' : 'He') : 'The person',
    ...(known ? ['gender'] : []),
  );
  const has: Phrase[] = [];
  const wears: Phrase[] = [];
  if (told.has('hair')) has.push(hair(random, portrait));
  if (told.has('beard')) has.push(beard(random, portrait));
  if (told.has('skin')) has.push(skin(random, portrait));
  if (told.has('glasses')) wears.push(eyewear(random, portrait));
  if (told.has('hat')) wears.push(hat(random, portrait));
  if (told.has('clothes')) wears.push(garment(random, portrait));
  const start = random.pick([
    'This is a',
    'Here we see a',
    'The picture shows a',
    'A portrait of a',
    'A large, centred portrait shows a',
    'We look at a',
    'A simple illustration of a',
  ]);
  return caption(
    start,
    ...(told.has('expression') ? [feeling(random, portrait)] : []),
    who,
    told.has('background') ? background(random, portrait) : '',
    '.',
    ...(has.length ? [she, 'has', list(has), '.'] : []),
    ...(wears.length ? [she, random.pick(['wears', 'is wearing']), list(wears), '.'] : []),
  );
}
