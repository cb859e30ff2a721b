/** TypeScript programs packed with their libraries into a few JavaScript files, which Node imports in half the time of hundreds. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'rolldown';

export interface PackOptions {
  /** Absolute path of each program by the name it is to have. */
  programs: Readonly<Record<string, string>>;
  /** Folder that the packed files go to. It must lie where the programs' packages are found from, and may be shared by many packs. */
  folder: string;
  /** Files besides the programs' own that a pack is too old for once they change, absolute. */
  inputs?: readonly string[];
}

/** What a folder holds: which file each program became, and of what. */
interface Pack {
  programs: Record<string, string>;
  /** The state of each file that was read, packages left out: those change with the lock file. */
  inputs: Record<string, string>;
}

/** Packages that look for files beside themselves, native code most of all: imported as ever. */
const ON_THEIR_OWN =
  /^(onnxruntime-node|sharp|@duckdb\/|@contentauth\/|pino|thread-stream|naughty-words|koffi)/;

const UNUSED_AFTER_MS = 7 * 24 * 3_600_000;

/**
 * The packed file of each program, absolute. Packs them (about a second) unless the folder has them as they are now. Safe beside others
 * that pack into the same folder, and beside processes that run from it: a file's name holds its content's hash, so none is ever changed.
 *
 * @throws Error of rolldown for a program that can't be parsed or misses a module, with the place.
 */
export async function pack(options: PackOptions): Promise<Record<string, string>> {
  const index = join(options.folder, 'pack.json');
  const last = await read(index);
  if (last && (await isFresh(last, options))) return last.programs;
  const made = await build(options);
  await replace(index, JSON.stringify(made, null, 1));
  await removeUnused(options.folder);
  return made.programs;
}

async function read(index: string): Promise<Pack | undefined> {
  try {
    return JSON.parse(await readFile(index, 'utf8')) as Pack;
  } catch {
    return undefined; // none yet
  }
}

async function isFresh(last: Pack, { programs, inputs = [] }: PackOptions): Promise<boolean> {
  if (Object.keys(programs).some((name) => !last.programs[name])) return false;
  if ([...Object.values(programs), ...inputs].some((path) => !last.inputs[path])) return false;
  const states = await Promise.all(Object.keys(last.inputs).map((path) => stateOf(path)));
  const packed = await Promise.all(Object.values(last.programs).map((path) => stateOf(path)));
  return (
    Object.values(last.inputs).every((state, i) => state !== '' && state === states[i]) &&
    packed.every(Boolean)
  );
}

/** A file's size and time of change; empty when it is gone, or changed since `began`: then nobody knows which of its states was read. */
async function stateOf(path: string, began = Number.POSITIVE_INFINITY): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found && found.mtimeMs < began ? `${found.size} ${found.mtimeMs}` : '';
}

async function build({ programs, folder, inputs = [] }: PackOptions): Promise<Pack> {
  const began = Date.now();
  const { rolldown } = await import('rolldown'); // 20 MB that a fresh pack does without
  const bundler = await rolldown({
    input: { ...programs },
    platform: 'node',
    external: ON_THEIR_OWN,
    plugins: [keepPlaces],
    logLevel: 'silent',
  });
  try {
    const names = '[name]-[hash].mjs';
    const { output } = await bundler.generate({
      format: 'esm',
      // The names stay: they are in stack traces.
      minify: { compress: true, mangle: false, codegen: true },
      entryFileNames: names,
      chunkFileNames: names,
    });
    const own = (await bundler.watchFiles).filter((path) => !path.includes('/node_modules/'));
    const made: Pack = { programs: {}, inputs: {} };
    for (const path of [...own, ...inputs]) made.inputs[path] = await stateOf(path, began);
    await mkdir(folder, { recursive: true });
    for (const file of output) {
      const path = join(folder, file.fileName);
      await replace(path, file.type === 'chunk' ? inAscii(file.code) : file.source);
      if (file.type === 'chunk' && file.isEntry) made.programs[file.name] = path;
    }
    return made;
  } finally {
    await bundler.close();
  }
}

/** What a program finds beside its source – a worker, a policy, a page – it finds there when packed, too. */
const keepPlaces: Plugin = {
  name: 'keep-places',
  transform(code, id) {
    if (id.includes('/node_modules/') || !code.includes('import.meta.')) return null;
    const places = { url: pathToFileURL(id).href, dirname: dirname(id), filename: id };
    return code.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, place: keyof typeof places) =>
      JSON.stringify(places[place]),
    );
  },
};

/**
 * The program in ASCII: V8 keeps its source as long as it runs, in two bytes a character if one of them needs two. Left as it is where
 * a character needs a surrogate pair, which names and patterns escape differently.
 */
const inAscii = (code: string): string =>
  /[\ud800-\udfff]/.test(code)
    ? code
    : code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Whole or not at all, for whoever reads it meanwhile. */
async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content);
  await rename(draft, path);
}

/** Packed files carry the time of the last pack that held them. */
async function removeUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > UNUSED_AFTER_MS) await rm(path, { force: true });
  }
}
