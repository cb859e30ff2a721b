/**
 * The word itself and the forms it may be an inflection of: English plurals, possessives, -ed, -ing, -er, -est, -ly.
 * Generous on purpose: it answers "could the model know this word", so a false match is cheaper than a false alarm.
 * @param word lower case.
 */
export function baseForms(word: string): string[] {
  const forms = new Set([word]);
  const stem = word.replace(/['’]s?$/u, '');
  forms.add(stem);
  for (const [ending, replacements] of ENDINGS) {
    if (!stem.endsWith(ending) || stem.length - ending.length < 3) continue;
    const rest = stem.slice(0, -ending.length);
    for (const replacement of replacements) forms.add(rest + replacement);
    // A doubled consonant before the ending: "foggy", "running".
    if (ending !== 's' && /([^aeiou])\1$/u.test(rest)) forms.add(rest.slice(0, -1));
  }
  const irregular = IRREGULAR.get(stem);
  if (irregular) forms.add(irregular);
  return [...forms];
}

const ENDINGS: readonly (readonly [string, readonly string[]])[] = [
  ['ies', ['y']],
  ['ves', ['f', 'fe']],
  ['es', ['', 'e']],
  ['s', ['']],
  ['ing', ['', 'e']],
  ['ed', ['', 'e']],
  ['er', ['', 'e']],
  ['est', ['', 'e']],
  ['ly', ['']],
  ['y', ['', 'e']],
];

const IRREGULAR = new Map([
  ['men', 'man'],
  ['women', 'woman'],
  ['people', 'person'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['geese', 'goose'],
  ['mice', 'mouse'],
  ['leaves', 'leaf'],
]);
