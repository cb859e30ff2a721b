/** KEDA's and the HPA's arithmetic with the chart's settings, on a clock of its own. Pure. */

export interface ScalingRule {
  readonly min: number;
  readonly max: number;
  /** Queued and running jobs that one replica is meant for. */
  readonly jobsPerReplica: number;
  /** How often the queue is looked at, seconds. */
  readonly pollSeconds: number;
  /** From wanted to ready: node, image, weights, warm-up, seconds. */
  readonly startSeconds: number;
  /** Fewer replicas only when so few were wanted all this time, seconds. */
  readonly scaleDownSeconds: number;
}

/** HPA's default tolerance: a ratio so close to 1 changes nothing. */
const TOLERANCE = 0.1;

export class Autoscaler {
  readonly #rule: ScalingRule;
  /** Replicas asked for, whether ready or not. */
  #wanted: number;
  #lastUp = Number.NEGATIVE_INFINITY;
  #lastDown = Number.NEGATIVE_INFINITY;
  readonly #history: { at: number; desired: number }[] = [];

  constructor(rule: ScalingRule) {
    this.#rule = rule;
    this.#wanted = Math.max(1, rule.min);
  }

  /** Replicas to ask for at `at` seconds with so many jobs queued and running. */
  poll(at: number, jobs: number): number {
    const { min, max, jobsPerReplica, scaleDownSeconds } = this.#rule;
    const ratio = jobs / (this.#wanted * jobsPerReplica);
    const desired = Math.abs(ratio - 1) <= TOLERANCE ? this.#wanted : Math.ceil(jobs / jobsPerReplica);
    const bounded = Math.min(max, Math.max(min, desired));
    this.#history.push({ at, desired: bounded });
    while ((this.#history[0]?.at ?? at) < at - scaleDownSeconds) this.#history.shift();
    if (bounded > this.#wanted && at - this.#lastUp >= 15) {
      this.#wanted = Math.min(bounded, this.#wanted + Math.max(2, this.#wanted));
      this.#lastUp = at;
    } else if (bounded < this.#wanted && at - this.#lastDown >= 60) {
      const most = Math.max(...this.#history.map((past) => past.desired));
      if (most < this.#wanted) {
        this.#wanted = Math.max(most, this.#wanted - 1);
        this.#lastDown = at;
      }
    }
    return this.#wanted;
  }
}
