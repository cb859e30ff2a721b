/** The baseline of the scheduler: one request at a time, whole, in the order they came. */
import type { Job, Policy } from '../../../services/diffusion/src/policy.ts';

export class FirstCome<J extends Job> implements Policy<J> {
  readonly #jobs = new Set<J>();

  get jobs(): Iterable<J> {
    return this.#jobs;
  }

  add(job: J): void {
    this.#jobs.add(job);
  }

  remove(job: J): void {
    this.#jobs.delete(job);
  }

  order(): J[] {
    return [...this.#jobs];
  }

  charge(): void {}

  finishMs(job: J): number {
    let sum = 0;
    for (const other of this.#jobs) {
      sum += other.workMs;
      if (other === job) break;
    }
    return sum;
  }
}
