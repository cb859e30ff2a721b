/** Every scenario, in the order in which `npm run chaos` runs them. */
import type { Scenario } from './scenario.ts';
import { failpoints } from './scenarios/failpoints.ts';
import { kills } from './scenarios/kills.ts';
import { natsRestarts } from './scenarios/nats-restarts.ts';
import { partition } from './scenarios/partition.ts';
import { rollingRestart } from './scenarios/rolling-restart.ts';
import { soak } from './scenarios/soak.ts';
import { stoppedReplica } from './scenarios/stopped-replica.ts';

export const SCENARIOS: readonly Scenario[] = [
  kills,
  failpoints,
  natsRestarts,
  stoppedReplica,
  rollingRestart,
  partition,
  soak,
];
