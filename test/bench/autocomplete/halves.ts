/** Prompts that neither the index nor the models were made from, cut in half. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeScene } from '@atelier/scenes';
import { parse } from 'csv-parse/sync';

export interface Half {
  /** The first half of the words, and a space. */
  prefix: string;
  /** The word that follows, without punctuation. */
  next: string;
}

const FIRST_SEED = 20_000_000;
const CAPTIONS_PER_SCENE = 5;
const MIN_WORDS = 4;
/** As in services/trainer/atelier_trainer/prompt_sets.py. */
const HELD_OUT_SHARE = 0.1;

/** Captions of the grammar's scenes, from seeds that nothing else uses. */
export function grammarHalves(scenes: number): Half[] {
  return halvesOf(
    Array.from({ length: scenes }, (_, i) =>
      composeScene(FIRST_SEED + i)
        .captions.slice(0, CAPTIONS_PER_SCENE)
        .map(({ text }) => text),
    ).flat(),
  );
}

/** At most `count` of the prompts that people wrote and that training held out; none where the sets are not there. */
export function everydayHalves(data: string, count: number): Half[] {
  const texts: string[] = [];
  const add = (text: string, group: string): void => {
    if (isHeldOut(group.replace(/^0+/, ''))) texts.push(text);
  };
  for (const path of files(join(data, 'prompts/coco_captions'), '.csv'))
    for (const row of parse(readFileSync(path, 'utf8'), { columns: true }) as Record<string, string>[])
      add(row.prompt || row.caption || '', row.image_id ?? '');
  for (const path of files(join(data, 'prompts/t2i_compbench'), '_train.txt'))
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const text = line.trim().split(/\s+/).join(' ');
      if (text) add(text, text);
    }
  const halves = halvesOf(texts);
  const step = Math.max(1, halves.length / count);
  return Array.from(
    { length: Math.min(count, halves.length) },
    (_, i) => halves[Math.floor(i * step)] as Half,
  );
}

const files = (folder: string, ending: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .sort()
        .map((name) => join(folder, name))
    : [];

const isHeldOut = (group: string): boolean =>
  createHash('sha1').update(group).digest().readUInt32BE() / 2 ** 32 < HELD_OUT_SHARE;

function halvesOf(texts: readonly string[]): Half[] {
  return texts
    .map((text) => text.trim().split(/\s+/))
    .filter((words) => words.length >= MIN_WORDS)
    .map((words) => {
      const half = Math.floor(words.length / 2);
      return { prefix: `${words.slice(0, half).join(' ')} `, next: firstWord(words[half] ?? '') };
    });
}

/** The first word of a text, bare and in lower case. */
export const firstWord = (text: string): string =>
  (/\S+/.exec(text)?.[0] ?? '').toLowerCase().replace(/[.,:]$/, '');

/** Whether a half's next word is that of one of the suggestions. */
export const isHit = (suggestions: readonly { text: string }[], { prefix, next }: Half): boolean =>
  suggestions.some(({ text }) => firstWord(text.slice(prefix.length)) === next);
