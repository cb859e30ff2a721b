/** Two hosts of our own on this machine: network namespaces joined by a cable that can be cut. Nothing else is reachable from them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ip = async (...args: string[]): Promise<string> => (await run('ip', args)).stdout.trim();

/** One side: where its programs listen, and the command that starts a program there. */
export interface Host {
  address: string;
  under: readonly string[];
}

const SIDES = { near: '10.231.7.1', far: '10.231.7.2' };
/** A hardware address that no card has: what is sent there is gone, as on a cut cable. */
const NOBODY = '02:00:00:00:00:99';
const CABLE = 'cable';

/** Why there can't be any here; undefined: there can. */
export async function whyNoNetworks(): Promise<string | undefined> {
  const name = `atelier-probe-${process.pid}`;
  try {
    await ip('netns', 'add', name);
    await run('nsenter', [`--net=/run/netns/${name}`, 'true']);
    return undefined;
  } catch (error) {
    return `no network namespaces here (root and iproute2 are needed): ${(error as Error).message.trim()}`;
  } finally {
    await ip('netns', 'del', name).catch(() => '');
  }
}

export class Networks {
  readonly #prefix: string;

  /** The networks of this name, whoever made them. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get near(): Host {
    return this.#host('near');
  }

  get far(): Host {
    return this.#host('far');
  }

  /** Make them. Needs root. */
  async lay(): Promise<void> {
    for (const side of ['near', 'far'] as const) await ip('netns', 'add', this.#name(side));
    const end = (side: 'near' | 'far') => ['name', CABLE, 'netns', this.#name(side)];
    await ip('link', 'add', ...end('near'), 'type', 'veth', 'peer', ...end('far'));
    for (const side of ['near', 'far'] as const) {
      const on = ['-n', this.#name(side)];
      await ip(...on, 'link', 'set', 'lo', 'up');
      await ip(...on, 'addr', 'add', `${SIDES[side]}/24`, 'dev', CABLE);
      await ip(...on, 'link', 'set', CABLE, 'up');
    }
  }

  /** Lose whatever is sent from one side to the other, without a word to either. */
  async cut(): Promise<void> {
    await this.#forBoth((on, other) =>
      ip(...on, 'neigh', 'replace', SIDES[other], 'lladdr', NOBODY, 'dev', CABLE, 'nud', 'permanent'),
    );
  }

  async heal(): Promise<void> {
    await this.#forBoth((on, other) => ip(...on, 'neigh', 'del', SIDES[other], 'dev', CABLE));
  }

  /** Programs that still run there keep a nameless one until they end. */
  async remove(): Promise<void> {
    for (const side of ['near', 'far'] as const) await ip('netns', 'del', this.#name(side)).catch(() => '');
  }

  async #forBoth(act: (on: string[], other: 'near' | 'far') => Promise<unknown>): Promise<void> {
    await Promise.all([act(['-n', this.#name('near')], 'far'), act(['-n', this.#name('far')], 'near')]);
  }

  #name(side: 'near' | 'far'): string {
    return `${this.#prefix}-${side}`;
  }

  #host(side: 'near' | 'far'): Host {
    return { address: SIDES[side], under: ['nsenter', `--net=/run/netns/${this.#name(side)}`] };
  }
}
