/** Words a form may be an inflection of, most of them no words at all: callers keep those their lexicon knows. */
export function baseForms(word: string): string[] {
  const forms = [word];
  const add = (suffix: string, ...endings: string[]): void => {
    if (!word.endsWith(suffix) || word.length - suffix.length < 2) return;
    const stem = word.slice(0, -suffix.length);
    for (const ending of endings) forms.push(stem + ending);
    const last = stem.at(-1);
    // stabbing → stab
    if (endings.includes('e') && stem.length > 2 && last === stem.at(-2)) forms.push(stem.slice(0, -1));
  };
  add('s', '');
  add('es', '');
  add('ies', 'y');
  add('ves', 'f', 'fe');
  add('ed', '', 'e');
  add('ied', 'y');
  add('ing', '', 'e');
  add('in', '', 'e');
  add('er', '', 'e');
  add('ers', '', 'e');
  add('y', '', 'e');
  add('ly', '');
  return forms;
}
