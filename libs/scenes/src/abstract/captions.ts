/** Paraphrases of patterns, gradients and signs. */
import { caption, colourWord, type Phrase, phrase } from '../captions.ts';
import type { Random } from '../random.ts';
import type { Caption } from '../scene.ts';
import type { Pattern, Symbolic } from './picture.ts';

const OPENINGS = [
  '',
  '',
  '',
  'a picture of',
  'an abstract picture of',
  'an image of',
  'a background of',
  'a design with',
];

/**
 * Wordings of a kind; `{a}` and `{b}` are colour1 and colour2, `{d}` the direction. A wording without `{a}` leaves
 * the colours open, and so on.
 */
const PATTERN_WORDS: Record<Pattern['kind'], readonly string[]> = {
  stripes: [
    '{d} {a} and {b} stripes',
    '{d} stripes in {a} and {b}',
    '{a} and {b} striped pattern with {d} lines',
    '{d} stripes',
    'bold {d} bands of {a} and {b}',
    '{a} and {b} stripes',
    'a striped pattern',
    '{d} lines of {b} and {a}',
  ],
  checkerboard: [
    'a {a} and {b} checkerboard',
    'a checkerboard in {a} and {b}',
    'a {b} and {a} chessboard pattern',
    'a checkered pattern of {a} and {b} squares',
    'a checkerboard',
    '{a} and {b} checks',
    'a chequered board, {b} and {a}',
  ],
  dots: [
    '{a} polka dots on {b}',
    'large {a} dots on a {b} background',
    'a {b} background with {a} polka dots',
    'polka dots',
    '{a} spots on {b}',
    'a dotted pattern, {a} dots on {b}',
    'a polka dot pattern in {a} and {b}',
  ],
  gradient: [
    'a gradient from {a} to {b}',
    'a {d} gradient from {a} to {b}',
    '{a} fading into {b}',
    'a smooth {d} blend of {a} into {b}',
    'a colour gradient',
    'a soft transition from {a} to {b}',
    '{a} to {b} gradient',
  ],
  waves: [
    'waves from {a} to {b}',
    'wavy layers from {a} to {b}',
    'a wave pattern',
    '{a} and {b} waves',
    'flowing wavy bands turning from {a} into {b}',
    'abstract waves in {a} and {b}',
    'rolling waves of colour, {a} at the top and {b} at the bottom',
  ],
  rings: [
    'concentric rings in {a} and {b}',
    '{a} and {b} rings',
    'a {a} and {b} bullseye',
    'concentric circles',
    'a target with {a} and {b} rings',
    'concentric {a} rings on {b}',
    'a bullseye pattern',
  ],
  sunburst: [
    'a {a} sunburst on {b}',
    'a sunburst of {a} rays on {b}',
    'a sunburst',
    '{a} rays bursting from the centre on a {b} background',
    'radiating {a} and {b} rays',
    'a starburst of {a} beams on {b}',
    'a retro sunburst in {a} and {b}',
  ],
};

export function describePattern(random: Random, pattern: Pattern): Caption[] {
  const captions = random
    .sample(PATTERN_WORDS[pattern.kind], 7)
    .map((words) => caption(random.pick(OPENINGS), fill(random, words, pattern)));
  const long = PATTERN_WORDS[pattern.kind][0] as string;
  return [
    ...captions,
    caption(
      'A bold, plain and colourful abstract design that fills the whole picture:',
      fill(random, long, pattern),
      '.',
    ),
  ];
}

function fill(
  random: Random,
  words: string,
  {
    colour1,
    colour2,
    direction,
  }: { colour1: Pattern['colour1']; colour2: Pattern['colour2']; direction?: Pattern['direction'] },
): Phrase {
  const states = ['kind'];
  if (words.includes('{a}')) states.push('colour1');
  if (words.includes('{b}')) states.push('colour2');
  if (words.includes('{d}')) states.push('direction');
  const text = words
    .replace('{a}', colourWord(random, colour1))
    .replace('{b}', colourWord(random, colour2))
    .replace('{d}', direction ?? '');
  return phrase(text, ...states);
}

const SYMBOL_WORDS: Record<Symbolic['symbol'], readonly string[]> = {
  sun: [
    'a big sun',
    'a {a} sun on a {b} background',
    'a simple {a} sun with rays',
    'the sun',
    'a {a} sun symbol on {b}',
    'a sun icon',
    'a stylised sun, {a} on {b}',
  ],
  moon: [
    'a crescent moon and stars',
    'a {a} moon and stars on {b}',
    'the moon with three stars',
    'a big {a} crescent moon',
    'moon and stars',
    'a {a} half moon with stars on a {b} background',
    'a moon symbol',
  ],
  rainbow: [
    'a rainbow',
    'a big rainbow',
    'a rainbow arch on a {b} background',
    'a colourful rainbow on {b}',
    'a rainbow symbol',
    'rainbow, {b} background',
    'a simple rainbow with six colours',
  ],
  'split-heart': [
    'a heart split in two colours',
    'a heart, half {a} and half {b}',
    'a two-coloured heart, {a} on the left and {b} on the right',
    'a {a} and {b} heart',
    'a heart divided into {a} and {b} halves',
    'a half {a}, half {b} heart',
    'a two-tone heart',
  ],
  'yin-yang': [
    'a yin-yang symbol',
    'a yin and yang sign',
    'a {a} and {b} yin-yang',
    'yin yang',
    'the yin-yang symbol in {a} and {b}',
    'a taijitu in {a} and {b}',
    'a symbol of balance, yin and yang',
  ],
};

export function describeSymbol(random: Random, symbol: Symbolic): Caption[] {
  return random.sample(SYMBOL_WORDS[symbol.symbol], 7).map((words) => {
    const { text, states } = fill(random, words, symbol);
    return caption(
      random.pick(['', '', '', 'a picture of', 'an illustration of']),
      phrase(text, 'symbol', ...states),
    );
  });
}
