/**
 * The queue, the orchestrators' concurrency, the denoiser's replicas and the autoscaler as a discrete-event simulation:
 * arrivals, ends of runs, ends of tails, polls and starts, in the order of their times. Pure: the arrivals are the only
 * chance in it.
 */
import { createRandom } from '@atelier/scenes';
import { Autoscaler, type ScalingRule } from './autoscaler.ts';
import { EventQueue } from './event-queue.ts';

export interface Mesh {
  /** Denoising steps of a picture. */
  readonly steps: number;
  /** Time of one run of the denoiser for so many pictures, seconds. */
  runSeconds(pictures: number): number;
  /** Most pictures whose steps share a run. */
  readonly maxBatch: number;
  /** Stages before denoising, seconds; they overlap freely. */
  readonly headSeconds: number;
  /** Stages after denoising, seconds of one server. */
  readonly tailSeconds: number;
  /** Servers of those later stages; Infinity: they are never short. */
  readonly tailServers: number;
  /** Generations that all orchestrators together run at a time. */
  readonly concurrency: number;
  /** Generations that may wait or run; more are refused. */
  readonly queueLimit: number;
  readonly scaling: ScalingRule;
}

export interface Outcome {
  /** From accepted to finished, seconds, in order of arrival; what was refused is left out. */
  latencies: number[];
  refused: number;
  /** Highest number of waiting jobs. */
  longestQueue: number;
  /** Replicas of the denoiser at most, and summed over time. */
  mostReplicas: number;
  replicaSeconds: number;
  /** Share of the ready replicas' time in which they ran. */
  utilisation: number;
  endSeconds: number;
}

interface Picture {
  readonly arrived: number;
  stepsLeft: number;
}
interface Replica {
  readonly inHand: Picture[];
  busy: boolean;
  leaving: boolean;
}

/** Poisson arrivals at `perSecond(t)` pictures a second until `seconds`, by thinning against `peak`. */
export function poisson(
  seed: number,
  seconds: number,
  peak: number,
  perSecond = (_: number) => peak,
): number[] {
  const random = createRandom(seed);
  const times: number[] = [];
  for (let at = 0; ; ) {
    at -= Math.log(1 - random.range(0, 1)) / peak;
    if (at >= seconds) return times;
    if (random.range(0, 1) < perSecond(at) / peak) times.push(at);
  }
}

export function simulate(mesh: Mesh, arrivals: readonly number[]): Outcome {
  const events = new EventQueue();
  const scaler = new Autoscaler(mesh.scaling);
  const replicas: Replica[] = [];
  const waiting: Picture[] = [];
  const tail: Picture[] = [];
  const latencies = new Map<Picture, number>();
  const order: Picture[] = [];
  let [running, inTail, starting, refused, longestQueue, mostReplicas] = [0, 0, 0, 0, 0, 0];
  let [busySeconds, replicaSeconds, finished, lastChange] = [0, 0, 0, 0];

  const live = () => replicas.filter((replica) => !replica.leaving);
  const account = (at: number) => {
    replicaSeconds += replicas.length * (at - lastChange);
    lastChange = at;
  };
  const addReplica = (at: number) => {
    account(at);
    replicas.push({ inHand: [], busy: false, leaving: false });
    mostReplicas = Math.max(mostReplicas, replicas.length);
  };
  /** Who is nearest its end goes first, as in the sampler's policy for equal pictures. */
  const run = (replica: Replica, at: number): void => {
    if (replica.busy) return;
    const batch = replica.inHand.sort((a, b) => a.stepsLeft - b.stepsLeft).slice(0, mesh.maxBatch);
    if (batch.length === 0) {
      if (replica.leaving) {
        account(at);
        replicas.splice(replicas.indexOf(replica), 1);
      }
      return;
    }
    replica.busy = true;
    const seconds = mesh.runSeconds(batch.length);
    busySeconds += seconds;
    events.add(at + seconds, (now) => {
      replica.busy = false;
      for (const picture of batch) {
        picture.stepsLeft--;
        if (picture.stepsLeft > 0) continue;
        replica.inHand.splice(replica.inHand.indexOf(picture), 1);
        tail.push(picture);
      }
      serveTail(now);
      run(replica, now);
    });
  };
  const serveTail = (at: number): void => {
    while (inTail < mesh.tailServers && tail.length > 0) {
      const picture = tail.shift() as Picture;
      inTail++;
      events.add(at + mesh.tailSeconds, (now) => {
        inTail--;
        running--;
        finished++;
        latencies.set(picture, now - picture.arrived);
        serveTail(now);
        take(now);
      });
    }
  };
  /** Orchestrators take jobs while they have room; clients spread them over the replicas. */
  const take = (at: number): void => {
    while (running < mesh.concurrency && waiting.length > 0 && live().length > 0) {
      const picture = waiting.shift() as Picture;
      running++;
      events.add(at + mesh.headSeconds, (now) => {
        const [least] = live().sort((a, b) => a.inHand.length - b.inHand.length);
        (least as Replica).inHand.push(picture);
        run(least as Replica, now);
      });
    }
  };
  const poll = (at: number): void => {
    const wanted = scaler.poll(at, waiting.length + running);
    for (let missing = wanted - live().length - starting; missing > 0; missing--) {
      starting++;
      events.add(at + mesh.scaling.startSeconds, (now) => {
        starting--;
        addReplica(now);
        take(now);
      });
    }
    const spare = live().sort((a, b) => a.inHand.length - b.inHand.length);
    for (const replica of spare.slice(0, Math.max(0, spare.length - Math.max(1, wanted)))) {
      replica.leaving = true; // drains, then goes
      run(replica, at);
    }
    if (finished + refused < arrivals.length) events.add(at + mesh.scaling.pollSeconds, poll);
  };

  for (let i = 0; i < Math.max(1, mesh.scaling.min); i++) addReplica(0);
  for (const arrived of arrivals)
    events.add(arrived, (at) => {
      if (waiting.length + running >= mesh.queueLimit) {
        refused++;
        return;
      }
      const picture = { arrived, stepsLeft: mesh.steps };
      order.push(picture);
      waiting.push(picture);
      take(at);
      longestQueue = Math.max(longestQueue, waiting.length);
    });
  events.add(0, poll);
  const endSeconds = events.runAll();
  account(endSeconds);
  return {
    latencies: order.map((picture) => latencies.get(picture) as number),
    refused,
    longestQueue,
    mostReplicas,
    replicaSeconds,
    utilisation: busySeconds / replicaSeconds,
    endSeconds,
  };
}
