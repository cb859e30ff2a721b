/** Find a `nats-server` program; fetch one into the project's cache when the machine has none. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from './services.ts';

const run = promisify(execFile);

/** Release that `go install` builds; STACK: any server ≥ 2.9 serves. */
const GO_MODULE = 'github.com/nats-io/nats-server/v2@v2.14.5';

export interface NatsBinaryOptions {
  /** Folders searched before PATH; default: the project's cache and Go's default `bin`. */
  folders?: readonly string[];
  /** Search path; default `process.env.PATH`. */
  path?: string;
  /** Folder to install into; default `.cache/bin` of the repository. Null: never install. */
  installInto?: string | null;
  /** Told what is being done when it takes time. */
  onLine?: ((line: string) => void) | undefined;
}

/**
 * Absolute path of a `nats-server` program: PATH, then the cache and `~/go/bin`, else the Debian package unpacked into
 * the cache (nothing is installed system-wide and no daemon starts; as root the package lists are refreshed when they
 * lack it), else built by Go. Throws an Error that says what to do when none works.
 */
export async function natsBinary(options: NatsBinaryOptions = {}): Promise<string> {
  const cache = join(REPOSITORY, '.cache/bin');
  const folders = options.folders ?? [cache, join(homedir(), 'go/bin')];
  const path = (options.path ?? process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const folder of [...path, ...folders]) {
    const candidate = join(folder, 'nats-server');
    if (await executable(candidate)) return candidate;
  }

  const target = options.installInto === undefined ? cache : options.installInto;
  const failures: string[] = [];
  if (target) {
    for (const install of [fromDebian, fromGo]) {
      try {
        await mkdir(target, { recursive: true });
        return await install(target, options.onLine ?? (() => {}));
      } catch (error) {
        failures.push(firstLine(error));
      }
    }
  }
  throw new Error(
    'no NATS server: set NATS_URL to a running one with JetStream, or put the nats-server program on PATH ' +
      `(Debian: apt-get install nats-server; Go: go install ${GO_MODULE})` +
      failures.map((failure) => `\n  tried: ${failure}`).join(''),
  );
}

async function fromDebian(target: string, onLine: (line: string) => void): Promise<string> {
  const folder = await mkdtemp(join(target, 'nats-deb-'));
  const download = () => run('apt-get', ['download', 'nats-server'], { cwd: folder });
  try {
    onLine('fetching the Debian package nats-server');
    await download().catch(async (error: unknown) => {
      if (process.getuid?.() !== 0) throw error;
      await run('apt-get', ['update']);
      return await download();
    });
    const deb = (await readdir(folder)).find((file) => file.endsWith('.deb'));
    if (!deb) throw new Error('apt-get download nats-server left no package');
    await run('dpkg-deb', ['-x', join(folder, deb), folder]);
    await rename(join(folder, 'usr/sbin/nats-server'), join(target, 'nats-server'));
    return join(target, 'nats-server');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fromGo(target: string, onLine: (line: string) => void): Promise<string> {
  onLine(`building ${GO_MODULE} with Go (about a minute)`);
  await run('go', ['install', GO_MODULE], { env: { ...process.env, GOBIN: target } });
  return join(target, 'nats-server');
}

const executable = async (file: string): Promise<boolean> =>
  await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, 2).join(' ').trim();
}
