import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pack } from './pack.ts';

let root: string;
const write = (name: string, text: string) => writeFile(join(root, name), text);
const run = (program: string | undefined) =>
  execFileSync(process.execPath, [program ?? ''], { encoding: 'utf8' });
const packed = () =>
  pack({
    programs: { first: join(root, 'src/first.ts'), second: join(root, 'src/second.ts') },
    folder: join(root, 'packed'),
    inputs: [join(root, 'lock.json')],
  });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelier-pack-'));
  await mkdir(join(root, 'src'));
  await write('lock.json', '{}');
  await write('src/word.json', '"boat"');
  await write(
    'src/shared.ts',
    `import { readFileSync } from 'node:fs';
     export const word: string = JSON.parse(readFileSync(new URL('word.json', import.meta.url), 'utf8'));`,
  );
  await write('src/first.ts', `import { word } from './shared.ts'; console.log('first', word);`);
  await write('src/second.ts', `const { word } = await import('./shared.ts'); console.log('second', word);`);
});
afterEach(() => rm(root, { recursive: true }));

describe('pack', () => {
  it('makes programs that do what their sources do, and find what lies beside those', async () => {
    const { first, second } = await packed();
    expect([run(first), run(second)]).toEqual(['first boat\n', 'second boat\n']);
  });

  it('packs again only when something has changed', async () => {
    const before = await packed();
    const { mtimeMs } = await stat(before.first as string);
    expect(await packed()).toEqual(before);
    expect((await stat(before.first as string)).mtimeMs).toBe(mtimeMs);

    await write('src/shared.ts', `export const word = 'lighthouse';`);
    const after = await packed();
    expect(run(after.second)).toBe('second lighthouse\n');
    expect(run(before.second), 'what already runs finds the files it was packed into').toBe('second boat\n');
  });

  it.each(['the lock file', 'a packed file'])('packs again without %s as it was', async (what) => {
    const { first, second } = await packed();
    const before = (await stat(second as string)).mtimeMs;
    if (what === 'the lock file') await utimes(join(root, 'lock.json'), 1, 1);
    else await rm(first as string);
    expect(run((await packed()).first)).toBe('first boat\n');
    expect((await stat(second as string)).mtimeMs).toBeGreaterThan(before);
  });

  it('leaves whole files where several pack at once', async () => {
    const [mine, theirs] = await Promise.all([packed(), packed()]);
    expect(mine).toEqual(theirs);
    expect(run(mine.first)).toBe('first boat\n');
    expect((await readdir(join(root, 'packed'))).filter((name) => !/\.(mjs|json)$/.test(name))).toEqual([]);
  });

  it('forgets what no pack has held for a week', async () => {
    const { first } = await packed();
    await utimes(first as string, 1, 1);
    await write('src/first.ts', `console.log('first');`);
    await packed();
    expect(await readdir(join(root, 'packed'))).not.toContain(basename(first as string));
  });

  it('tells where a program is wrong', async () => {
    await write('src/first.ts', `import { word } from './nowhere.ts'; console.log(word);`);
    await expect(packed()).rejects.toThrow(/nowhere\.ts/);
  });
});
