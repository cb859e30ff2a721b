/** From one version of a model to the next while calls are served: load and warm, switch, drain, release. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleFolder, productionVersion } from '@atelier/models';
import type { Log, RunningService } from '@atelier/process';
import { unavailable, withoutCall } from '@atelier/rpc';
import type { Message } from '@bufbuild/protobuf';
import { Edition, type LoadedModel } from './edition.ts';
import { switched } from './switched.ts';

export type { LoadedModel } from './edition.ts';

export interface RolloverOptions<P extends string | undefined> {
  /** A bundle's folder, which is served as long as the process lives, or a registry's model folder, whose pointer is followed. */
  readonly path: P;
  /** Makes the service of one bundle. The first failure fails the start; later ones leave the version before serving. */
  readonly load: (bundleFolder: P) => Promise<LoadedModel>;
  readonly log: Log;
  /** Aborts when no further version is to be loaded. */
  readonly shutdown: AbortSignal;
  /**
   * Version that a request needs, for what was begun with another model of the same bundle; '' or undefined: any. The one before
   * stays for {@link LINGER_MS} then.
   */
  readonly wanted?: (request: Message) => string | undefined;
  /** Between two looks at the pointer, milliseconds. */
  readonly pollMs?: number;
}

const POLL_MS = 1_000;
/** How long requests that were begun with the version before may still come, milliseconds: longer than any takes to be encoded. */
const LINGER_MS = 30_000;
/** Before a version that couldn't be loaded is tried again, milliseconds. */
const RETRY_MS = 30_000;

/** @returns what `runService` takes, without the address. @throws whatever `load` throws for the version that serves now. */
export async function rollover<P extends string | undefined>(
  options: RolloverOptions<P>,
): Promise<Omit<RunningService, 'address'>> {
  const { path, load } = options;
  if (path === undefined) return served(await load(path));
  const editions = new Editions({ ...options, path, load: load as (folder: string) => Promise<LoadedModel> });
  const first = await editions.begin();
  return {
    bindings: switched(first.model.bindings, (request) => editions.pick(request)),
    warm: async () => {
      await first.model.warm?.();
      editions.follow();
    },
    close: () => editions.close(),
  };
}

/** What `runService` takes. */
function served({ bindings, warm, close }: LoadedModel): Omit<RunningService, 'address'> {
  return { bindings: [...bindings], ...(warm && { warm }), ...(close && { close }) };
}

class Editions {
  readonly #options: RolloverOptions<string>;
  /** Newest last. */
  #held: Edition[] = [];
  #checking: Promise<void> | undefined;
  #following: Promise<void> | undefined;
  #retiring: Promise<void>[] = [];
  #failed: { version: string; untilMs: number } | undefined;
  readonly #stop = new AbortController();

  constructor(options: RolloverOptions<string>) {
    this.#options = options;
    options.shutdown.addEventListener('abort', () => this.#stop.abort(), { once: true });
  }

  get #current(): Edition {
    return this.#held.at(-1) as Edition;
  }

  async begin(): Promise<Edition> {
    const { path, load } = this.#options;
    const version = await productionVersion(path);
    const edition = new Edition(version, await load(await bundleFolder(path)));
    this.#held.push(edition);
    return edition;
  }

  /** Looks at the pointer until the shutdown; not for a bundle that is in no registry. */
  follow(): void {
    if (this.#current.version === undefined) return;
    this.#following = (async () => {
      const { signal } = this.#stop;
      while (!signal.aborted) {
        await sleep(this.#options.pollMs ?? POLL_MS, undefined, { signal, ref: false }).catch(() => {});
        if (!signal.aborted) await this.#check();
      }
    })();
  }

  async pick(request: Message): Promise<Edition> {
    const wanted = this.#options.wanted?.(request);
    if (!wanted || this.#current.version === undefined) return this.#current;
    const held = () => this.#held.findLast(({ version }) => version === wanted);
    const known = held();
    if (known) return known;
    // Another service saw the pointer first.
    await withoutCall(() => this.#check());
    const found = held();
    if (found) return found;
    throw unavailable(`version ${wanted} of the model is not served here`, {
      reason: 'MODEL_VERSION_ABSENT',
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.#checking;
    await Promise.all([...this.#retiring, ...this.#held.map((edition) => edition.retire())]);
  }

  /** One look at a time; whoever comes meanwhile waits for its end. */
  #check(): Promise<void> {
    this.#checking ??= this.#look().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #look(): Promise<void> {
    const { path, log } = this.#options;
    let version: string | undefined;
    try {
      version = await productionVersion(path);
      if (version === undefined || version === this.#current.version || this.#stop.signal.aborted) return;
      if (this.#failed?.version === version && performance.now() < this.#failed.untilMs) return;
      await this.#goOver(version);
      this.#failed = undefined;
    } catch (err) {
      if (version !== undefined) this.#failed = { version, untilMs: performance.now() + RETRY_MS };
      log.error(
        { err, version, serving: this.#current.version },
        'the new version of the model is not served',
      );
    }
  }

  async #goOver(version: string): Promise<void> {
    const { path, load, log, wanted } = this.#options;
    const began = performance.now();
    const before = this.#current;
    const lingering = this.#held.find((edition) => edition.version === version);
    if (lingering) {
      // Rolled back while the version before was still there.
      this.#held = [...this.#held.filter((edition) => edition !== lingering), lingering];
    } else {
      const model = await load(await bundleFolder(path));
      try {
        await model.warm?.();
      } catch (error) {
        await model.close?.();
        throw error;
      }
      this.#held.push(new Edition(version, model));
    }
    log.info(
      { from: before.version, to: version, ms: Math.round(performance.now() - began) },
      'rolled over to another version of the model',
    );
    this.#retire(before, wanted ? LINGER_MS : 0);
  }

  /** After `delayMs`, unless it serves again by then. */
  #retire(edition: Edition, delayMs: number): void {
    const { log } = this.#options;
    const retiring = (async () => {
      const { signal } = this.#stop;
      if (delayMs > 0) await sleep(delayMs, undefined, { signal, ref: false }).catch(() => {});
      if (edition === this.#current || !this.#held.includes(edition) || signal.aborted) return;
      this.#held = this.#held.filter((other) => other !== edition);
      await edition.retire();
      log.info({ version: edition.version }, 'released the version before');
    })().catch((err: unknown) => log.error({ err }, 'the version before could not be released'));
    this.#retiring.push(retiring);
  }
}
