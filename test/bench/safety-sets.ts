/**
 * The held-out part of public prompt sets, read as the trainer reads them (services/trainer/atelier_trainer/prompt_safety_data.py):
 * rows of one group (seed, author, template) are on one side, and one group in five is kept out of training.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

export interface HeldOut {
  readonly text: string;
  /** Set and, where it has them, category; what figures are grouped by. */
  readonly source: string;
  readonly unsafe: boolean;
}

type Row = Readonly<Record<string, string>>;

/** Perspective's toxicity from which an I2P text counts as unsafe by itself: its labels are about pictures. */
const I2P_TOXIC = 0.5;
/** More rows than one seed of OVERT has when it is a seed of its own. */
const SEED_ROWS = 40;
const MODERATION = {
  SH: 'self_harm',
  S: 'nudity',
  H2: 'hate',
  H: 'hate',
  V2: 'violence',
  V: 'violence',
  HR: 'harassment',
};

/** Held-out rows of the sets below `root`; a set that is absent adds none. */
export function heldOut(root: string): HeldOut[] {
  const csv = (path: string, delimiter = ','): Row[] => {
    if (!existsSync(`${root}/${path}`)) return [];
    const quote = delimiter === ',' ? '"' : null;
    return parse(readFileSync(`${root}/${path}`, 'utf8'), { columns: true, delimiter, quote }) as Row[];
  };
  const rows: HeldOut[] = [];
  const add = (
    text: string | undefined,
    source: string,
    unsafe: boolean,
    group = opening(text ?? ''),
  ): void => {
    if (text?.trim() && isHeldOut(group)) rows.push({ text, source, unsafe });
  };
  const pairs = csv('safety/overt/benign_unsafe_pairs.csv');
  const benign = csv('safety/overt/benign_looks_unsafe.csv');
  const sizes = new Map<string, number>();
  for (const { seed_sha1: seed = '' } of [...pairs, ...benign]) sizes.set(seed, (sizes.get(seed) ?? 0) + 1);
  const group = ({ seed_sha1: seed = '' }: Row, prompt = ''): string =>
    `overt ${(sizes.get(seed) ?? 0) <= SEED_ROWS ? seed : prompt.toLowerCase().trim()}`;
  for (const row of pairs) {
    add(row.unsafe_image_prompt, `overt unsafe ${row.category}`, true, group(row, row.benign_image_prompt));
    add(row.benign_image_prompt, 'overt pairs benign', false, group(row, row.benign_image_prompt));
  }
  for (const row of benign) add(row.image_prompt, 'overt benign', false, group(row, row.image_prompt));
  for (const row of csv('safety/i2p/i2p.csv'))
    if (Number(row.prompt_toxicity) > I2P_TOXIC) add(row.prompt, 'i2p toxic', true);
  for (const row of csv('safety/xstest/xstest_prompts.csv'))
    add(row.prompt, `xstest ${row.label}`, row.label === 'unsafe', `xstest ${row.focus}`);
  for (const sample of jsonl(`${root}/safety/openai_moderation/samples.jsonl`)) {
    const label = Object.entries(MODERATION).find(([key]) => sample[key] === 1)?.[1];
    add(String(sample.prompt ?? ''), `moderation ${label ?? 'harmless'}`, label !== undefined);
  }
  for (const row of csv('prompts/coco_captions/coco_val2014_one_caption.csv')) add(row.prompt, 'coco', false);
  for (const row of csv('prompts/partiprompts/PartiPrompts.tsv', '\t'))
    add(row.Prompt, 'partiprompts', false);
  for (const row of csv('prompts/drawbench/DrawBench.csv')) add(row.Prompts, 'drawbench', false);
  return rows;
}

function jsonl(path: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function opening(text: string): string {
  return text.toLowerCase().trim().split(/\s+/u).slice(0, 5).join(' ');
}

function isHeldOut(group: string): boolean {
  return Number.parseInt(createHash('sha1').update(group).digest('hex').slice(0, 8), 16) % 10 < 2;
}
