/** A file that is mounted into the process and replaced under it, as Kubernetes does with a Secret. */
import { readFile, stat } from 'node:fs/promises';

export interface MountedFileOptions {
  /** How old what was read may be before the file is looked at again, milliseconds; default 1,000. */
  lookEveryMs?: number;
  /** Told of a file that can't be read or understood while an older one is in use. */
  onError?: (error: Error) => void;
}

/** The parsed content of a file, followed as it changes. A bad replacement is told and the last good content stays in use. */
export class MountedFile<T> {
  readonly path: string;
  readonly #parse: (text: string) => T;
  readonly #options: MountedFileOptions;
  #value: T;
  #version: string;
  #lookedMs = performance.now();
  #looking: Promise<void> | undefined;

  private constructor(
    path: string,
    parse: (text: string) => T,
    options: MountedFileOptions,
    value: T,
    version: string,
  ) {
    this.path = path;
    this.#parse = parse;
    this.#options = options;
    this.#value = value;
    this.#version = version;
  }

  /** Read `path` for the first time. `parse` throws on bad content. Rejects with an Error that names the path, never its content. */
  static async open<T>(
    path: string,
    parse: (text: string) => T,
    options: MountedFileOptions = {},
  ): Promise<MountedFile<T>> {
    try {
      const version = await versionOf(path);
      return new MountedFile(path, parse, options, parse(await readFile(path, 'utf8')), version);
    } catch (cause) {
      throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  /** What the file says now, at most `lookEveryMs` late. Never rejects. */
  async current(): Promise<T> {
    if (performance.now() - this.#lookedMs >= (this.#options.lookEveryMs ?? 1_000)) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
      await this.#looking;
    }
    return this.#value;
  }

  async #look(): Promise<void> {
    this.#lookedMs = performance.now();
    try {
      const version = await versionOf(this.path);
      if (version === this.#version) return;
      this.#value = this.#parse(await readFile(this.path, 'utf8'));
      this.#version = version;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#options.onError?.(new Error(`${this.path} stays as it was: ${why}`));
    }
  }
}

/** Follows symbolic links: a mounted Secret is replaced by pointing its link elsewhere. */
async function versionOf(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  return `${ino}.${size}.${mtimeNs}`;
}
