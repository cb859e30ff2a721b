/** The words for who a portrait shows and how they feel. */
import { oneOf, type Phrase } from '../captions.ts';
import type { Random } from '../random.ts';
import type { Portrait, Words } from './vocabulary.ts';

/** The person by age and gender at once. */
const PERSON: Record<Portrait['age'], Words<'gender'>> = {
  child: {
    woman: ['girl', 'little girl', 'young girl', 'small girl', 'girl', 'schoolgirl'],
    man: ['boy', 'little boy', 'young boy', 'small boy', 'boy', 'schoolboy'],
  },
  young: {
    woman: [
      'young woman',
      'young lady',
      'young woman',
      'youthful woman',
      'woman in her twenties',
      'young adult woman',
      'teenage girl',
      'teen girl',
    ],
    man: [
      'young man',
      'young guy',
      'young man',
      'youthful man',
      'man in his twenties',
      'young adult man',
      'young fellow',
      'teenage boy',
      'teen boy',
    ],
  },
  adult: {
    woman: [
      'middle-aged woman',
      'adult woman',
      'grown woman',
      'mature woman',
      'woman in her forties',
      'middle-aged lady',
      'adult lady',
      'mother',
    ],
    man: [
      'middle-aged man',
      'adult man',
      'grown man',
      'mature man',
      'man in his forties',
      'middle-aged guy',
      'adult guy',
      'father',
    ],
  },
  old: {
    woman: [
      'old woman',
      'elderly woman',
      'grandmother',
      'grandma',
      'old lady',
      'elderly lady',
      'senior woman',
      'aged woman',
      'granny',
      'elder woman',
    ],
    man: [
      'old man',
      'elderly man',
      'grandfather',
      'grandpa',
      'old gentleman',
      'elderly gentleman',
      'senior man',
      'aged man',
      'granddad',
      'elder man',
    ],
  },
};
const GROWN: Words<'gender'> = {
  woman: ['woman', 'woman', 'woman', 'lady', 'female'],
  man: ['man', 'man', 'man', 'guy', 'gentleman', 'male', 'fellow'],
};
const AGED: Words<'age'> = {
  child: ['child', 'kid', 'little child', 'young child', 'small child', 'toddler'],
  young: ['young person', 'young adult', 'teenager', 'youth', 'teen'],
  adult: ['adult', 'middle-aged person', 'grown-up', 'adult person'],
  old: ['old person', 'elderly person', 'senior', 'senior citizen', 'pensioner'],
};
const ANYONE = ['person', 'face', 'human face', 'person', 'human'];

/** Who it is: mostly age and gender, now and then only one of them, seldom neither. */
export function person(random: Random, portrait: Portrait): Phrase {
  const { age, gender } = portrait;
  const roll = random.range(0, 1);
  if (roll < 0.68) return oneOf(random, PERSON[age][gender], 'age', 'gender');
  if (roll < 0.88)
    return age === 'child'
      ? oneOf(random, PERSON[age][gender], 'age', 'gender')
      : oneOf(random, GROWN[gender], 'gender');
  return roll < 0.97 ? oneOf(random, AGED[age], 'age') : oneOf(random, ANYONE);
}

const TONE: Words<'skin.tone'> = {
  light: ['light-skinned', 'fair-skinned', 'pale-skinned', 'white', 'pale', 'fair'],
  medium: ['brown-skinned', 'olive-skinned', 'tan-skinned', 'tanned', 'medium-skinned', 'brown'],
  dark: ['dark-skinned', 'black', 'dark-skinned', 'deep-skinned', 'Black'],
};
const SKIN: Words<'skin.tone'> = {
  light: [
    'light skin',
    'fair skin',
    'pale skin',
    'a pale complexion',
    'a fair complexion',
    'very light skin',
  ],
  medium: [
    'brown skin',
    'olive skin',
    'tan skin',
    'tanned skin',
    'medium skin',
    'an olive complexion',
    'a medium skin tone',
  ],
  dark: ['dark skin', 'black skin', 'dark brown skin', 'deep skin', 'a dark complexion', 'a deep skin tone'],
};

export const toneAdjective = (random: Random, { 'skin.tone': tone }: Portrait): Phrase =>
  oneOf(random, TONE[tone], 'skin.tone');

/** 'dark skin', now and then the exact step of the Monk scale. */
export function skin(random: Random, portrait: Portrait): Phrase {
  if (random.chance(0.12)) {
    const step = portrait.skin.slice('monk'.length);
    return oneOf(
      random,
      [`Monk scale ${step} skin`, `Monk ${step} skin tone`, `skin tone ${step} on the Monk scale`],
      'skin',
      'skin.tone',
    );
  }
  return oneOf(random, SKIN[portrait['skin.tone']], 'skin.tone');
}

const FEELING: Words<'expression'> = {
  smiling: ['smiling', 'happy', 'cheerful', 'smiling', 'grinning', 'laughing', 'joyful'],
  neutral: ['serious', 'calm', 'neutral', 'serious-looking', 'expressionless', 'composed'],
  sad: ['sad', 'unhappy', 'sad', 'sorrowful', 'gloomy', 'frowning', 'miserable'],
  surprised: ['surprised', 'astonished', 'shocked', 'surprised', 'amazed', 'startled'],
};
const LOOK: Words<'expression'> = {
  smiling: [
    'with a smile',
    'with a big smile',
    'smiling',
    'with a happy face',
    'looking happy',
    'with a cheerful grin',
  ],
  neutral: [
    'with a neutral expression',
    'with a serious look',
    'looking calm',
    'with a serious face',
    'not smiling, looking calm',
  ],
  sad: ['with a sad face', 'looking sad', 'frowning', 'with a sad expression', 'looking unhappy'],
  surprised: [
    'with a surprised look',
    'looking surprised',
    'with an open mouth, surprised',
    'with a surprised expression',
    'looking astonished',
  ],
};
export const feeling = (random: Random, { expression }: Portrait): Phrase =>
  oneOf(random, FEELING[expression], 'expression');
export const look = (random: Random, { expression }: Portrait): Phrase =>
  oneOf(random, LOOK[expression], 'expression');
