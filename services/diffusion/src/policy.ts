import { type Caller, PRIORITIES, type Priority } from '@atelier/rpc';
import { FairShares } from './fair-shares.ts';

/** What the scheduler knows of a picture that waits for its next step. */
export interface Job {
  readonly caller: Caller;
  /** Jobs of one key may share a run of the network. */
  readonly key: string;
  /** Predicted compute time until it is finished, milliseconds. */
  readonly workMs: number;
}

/** Who goes next. Knows neither clock nor model: time is what it is told was given. */
export interface Policy<J extends Job> {
  /** The jobs it knows. */
  readonly jobs: Iterable<J>;
  add(job: J): void;
  remove(job: J): void;
  /** All jobs, the one to serve next first. */
  order(): J[];
  /** Jobs were given compute time, milliseconds; the first of them led the turn. */
  charge(turn: ReadonlyMap<J, number>): void;
  /** Compute time until a known job is finished, those ahead of it included, if nobody else comes; milliseconds. */
  finishMs(job: J): number;
}

/** Shares of the priority classes while all of them have work. Shares, not precedence: nobody waits for ever. */
export const CLASS_WEIGHTS: Readonly<Record<Priority, number>> = { interactive: 16, standard: 4, batch: 1 };

/**
 * How long a caller's long picture gives way to its short ones, in multiples of its own work: a shorter one that comes
 * after the caller was given that much goes behind it.
 */
export const PATIENCE = 16;

interface Entry {
  readonly flow: Flow;
  /** What the flow had been given when the job came, milliseconds. */
  readonly servedMs: number;
  readonly sequence: number;
}

/** The jobs of one caller in one class. */
interface Flow {
  readonly name: string;
  readonly priority: Priority;
  readonly weight: number;
  /** Compute time given since it last had no job, milliseconds. */
  servedMs: number;
  jobs: number;
}

/**
 * Fair sharing of compute time in two levels, classes by their weights and callers of a class by theirs
 * (start-time fair queueing), and within a caller the least remaining work first, with ageing.
 *
 * Bounds, for a job of work W among at most n of its caller, w₀ of whose work was in hand when it came:
 * it is finished once its caller was given w₀ + (PATIENCE + n)·W; and whenever k callers of a class have work, its
 * caller gets its weight's share of the time, but for one turn of each.
 */
export class FairPolicy<J extends Job> implements Policy<J> {
  readonly #weightOf: (caller: string) => number;
  readonly #classes = new FairShares();
  readonly #callers: Readonly<Record<Priority, FairShares>> = {
    interactive: new FairShares(),
    standard: new FairShares(),
    batch: new FairShares(),
  };
  readonly #flows = new Map<string, Flow>();
  readonly #entries = new Map<J, Entry>();
  #sequence = 0;

  /** @param weightOf share of a caller among those of its class, > 0; default 1 for everybody. */
  constructor(weightOf: (caller: string) => number = () => 1) {
    this.#weightOf = weightOf;
  }

  get jobs(): Iterable<J> {
    return this.#entries.keys();
  }

  add(job: J): void {
    const { name, priority } = job.caller;
    const id = `${priority}/${name}`;
    let flow = this.#flows.get(id);
    if (!flow) {
      flow = { name, priority, weight: this.#weightOf(name), servedMs: 0, jobs: 0 };
      if (![...this.#flows.values()].some((other) => other.priority === priority)) {
        this.#classes.enter(priority);
      }
      this.#callers[priority].enter(name);
      this.#flows.set(id, flow);
    }
    flow.jobs++;
    this.#entries.set(job, { flow, servedMs: flow.servedMs, sequence: this.#sequence++ });
  }

  remove(job: J): void {
    const flow = this.#entries.get(job)?.flow;
    this.#entries.delete(job);
    if (flow && --flow.jobs === 0) this.#flows.delete(`${flow.priority}/${flow.name}`);
  }

  order(): J[] {
    return [...this.#entries]
      .map(([job, entry]) => ({ job, ...entry, rank: rank(job, entry) }))
      .sort((a, b) => this.#compareFlows(a.flow, b.flow) || a.rank - b.rank || a.sequence - b.sequence)
      .map(({ job }) => job);
  }

  charge(turn: ReadonlyMap<J, number>): void {
    let leads = true;
    for (const [{ caller }, ms] of turn) {
      const { name, priority } = caller;
      if (leads) {
        this.#classes.advanceTo(priority);
        this.#callers[priority].advanceTo(name);
      }
      leads = false;
      this.#classes.charge(priority, ms, CLASS_WEIGHTS[priority]);
      this.#callers[priority].charge(name, ms, this.#weightOf(name));
      const flow = this.#flows.get(`${priority}/${name}`);
      if (flow) flow.servedMs += ms;
    }
  }

  /**
   * As if service were a fluid: while the job's caller gets what it needs, each other caller gets its share of that or
   * all it wants, whichever is less; and so do the other classes.
   */
  finishMs(job: J): number {
    const own = this.#entries.get(job);
    if (!own) return 0;
    const last = rank(job, own);
    const wanted = new Map<Flow, number>();
    let needed = 0;
    for (const [other, entry] of this.#entries) {
      if (entry.flow === own.flow) needed += rank(other, entry) <= last ? other.workMs : 0;
      else wanted.set(entry.flow, (wanted.get(entry.flow) ?? 0) + other.workMs);
    }
    const { priority, weight } = own.flow;
    const classes: Record<Priority, number> = { interactive: 0, standard: 0, batch: 0 };
    let withinClass = needed;
    for (const [flow, ms] of wanted) {
      if (flow.priority === priority) withinClass += Math.min(ms, (needed * flow.weight) / weight);
      else classes[flow.priority] += ms;
    }
    return PRIORITIES.reduce(
      (sum, other) =>
        sum + Math.min(classes[other], (withinClass * CLASS_WEIGHTS[other]) / CLASS_WEIGHTS[priority]),
      withinClass,
    );
  }

  #compareFlows(a: Flow, b: Flow): number {
    return (
      this.#classes.compare(a.priority, b.priority) ||
      PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
      this.#callers[a.priority].compare(a.name, b.name) ||
      (a.name < b.name ? -1 : Number(a.name > b.name))
    );
  }
}

/** Lower goes first among jobs of one caller. It only falls, so nobody is overtaken by one that was behind. */
function rank(job: Job, { servedMs }: Entry): number {
  return servedMs + PATIENCE * job.workMs;
}

/** Those that may share the next run, first first: the next of all that aren't `busy` in another run, and all of its key. */
export function nextBatch<J extends Job>(policy: Policy<J>, busy: ReadonlySet<J> = new Set()): J[] {
  const order = policy.order().filter((job) => !busy.has(job));
  return order.filter(({ key }) => key === order[0]?.key);
}
