/** Digits and symbols that stand for letters ("leetspeak"). */

/** Most likely letter first; several where writers differ. */
const LETTERS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'gb',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'il',
  '|': 'li',
  '+': 't',
  '#': 'h',
  '%': 'o',
  '&': 'a',
  '^': 'a',
};

/** No more than this many readings of one word: 2^5 choices. */
const MAX_READINGS = 32;

/** Numbers with a unit or an ordinal ("1940s", "6000k", "24th") are what they say. */
const NUMBER = /^[\d.,:+%]{2,}\p{L}{0,2}$/u;

/** Readings of a word that mixes letters with digits or symbols; none for plain words and numbers. */
export function leetReadings(raw: string): string[] {
  if (/^\p{L}+$/u.test(raw) || NUMBER.test(raw)) return [];
  if (!/\p{L}/u.test(raw) && !/^[@$][\d@$!]+$/u.test(raw)) return [];
  let readings = [''];
  for (const character of raw) {
    const letters = LETTERS[character];
    if (letters === undefined) {
      if (/\p{L}/u.test(character)) readings = readings.map((reading) => reading + character);
      continue;
    }
    const longer: string[] = [];
    for (const letter of letters) for (const reading of readings) longer.push(reading + letter);
    readings = longer.slice(0, MAX_READINGS);
  }
  return readings;
}
