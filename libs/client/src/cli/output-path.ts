/** Where the pictures go. */
import { extname, join, resolve } from 'node:path';

/** Longest beginning of a prompt in a file name, characters. */
const MAX_SLUG = 48;

/** "A boat, on an Ocean!" → "a-boat-on-an-ocean"; "picture" where nothing is left. */
export function slug(prompt: string): string {
  const words = prompt
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  let name = '';
  for (const word of words) {
    const longer = name ? `${name}-${word}` : word.slice(0, MAX_SLUG);
    if (longer.length > MAX_SLUG) break;
    name = longer;
  }
  return name || 'picture';
}

export interface PathOptions {
  /** What `--out` says: a file, or a folder when it ends with a slash. */
  out: string | undefined;
  /** What `--out` is relative to. */
  cwd: string;
  prompt: string;
  /** Seed of this picture. */
  seed: number;
  /** Pictures of the generation. */
  count: number;
}

/** Absolute path of one picture. Several with one `--out` get their seeds into their names. */
export function outputPath({ out, cwd, prompt, seed, count }: PathOptions): string {
  const own = `${slug(prompt)}-${seed}.png`;
  if (out === undefined) return resolve(cwd, 'out', own);
  if (out.endsWith('/')) return resolve(cwd, join(out, own));
  if (count === 1) return resolve(cwd, out);
  const extension = extname(out);
  return resolve(cwd, `${out.slice(0, out.length - extension.length)}-${seed}${extension || '.png'}`);
}
