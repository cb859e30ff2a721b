/** InsightsService: requests checked, figures put into messages. */
import { ExperimentVariant, type InsightsService, type Timestamp, timestampMs } from '@atelier/contracts';
import {
  failedPrecondition,
  invalidArgument,
  notFound,
  type ServiceImpl,
  type Violation,
} from '@atelier/rpc';
import { sideOf } from './experiments/assignment.ts';
import type { Experiment } from './experiments/definitions.ts';
import { resultsOf } from './experiments/results.ts';
import type { Exporter } from './export/exporter.ts';
import { count } from './metrics/count.ts';
import { metricsOf } from './metrics/metrics.ts';
import { EVER, type Span } from './metrics/tallies.ts';
import type { Store } from './store/store.ts';

export interface InsightsParts {
  store: Store;
  experiments: ReadonlyMap<string, Experiment>;
  /** Absent where no folder is configured. */
  exporter?: Exporter;
}

const ID_LENGTH = 64;
const VARIANTS = { control: ExperimentVariant.CONTROL, treatment: ExperimentVariant.TREATMENT } as const;

export function insightsService({
  store,
  experiments,
  exporter,
}: InsightsParts): ServiceImpl<typeof InsightsService> {
  const experimentOf = (id: string): Experiment => {
    const experiment = experiments.get(id);
    if (!experiment) throw notFound(`no experiment is called "${id}"`, 'EXPERIMENT_NOT_FOUND');
    return experiment;
  };
  return {
    async getMetrics({ startTime, endTime }) {
      const span = spanOf(startTime, endTime);
      return metricsOf(await store.read((query) => count(query, span)), span);
    },
    async assignVariant({ experimentId, userId }) {
      refuse([...idViolations('experiment_id', experimentId), ...idViolations('user_id', userId)]);
      const experiment = experimentOf(experimentId);
      const side = sideOf(experimentId, userId, experiment.treatmentShare);
      return { variant: VARIANTS[side], modelVersion: experiment[side] };
    },
    async getExperiment({ experimentId }) {
      refuse(idViolations('experiment_id', experimentId));
      const experiment = experimentOf(experimentId);
      return await store.read((query) => resultsOf(query, experiment));
    },
    async exportData() {
      if (!exporter) throw failedPrecondition('no folder to export to is configured', 'NO_EXPORT_FOLDER');
      return await exporter.run();
    },
  };
}

function spanOf(start: Timestamp | undefined, end: Timestamp | undefined): Span {
  const microseconds = (time: Timestamp): bigint => BigInt(Math.round(timestampMs(time) * 1_000));
  const fromUs = start ? microseconds(start) : EVER.fromUs;
  const toUs = end ? microseconds(end) : EVER.toUs;
  if (toUs < fromUs) refuse([{ field: 'end_time', description: 'must not be before start_time' }]);
  return { fromUs, toUs };
}

const idViolations = (field: string, id: string): Violation[] =>
  id.length >= 1 && id.length <= ID_LENGTH
    ? []
    : [{ field, description: `must be 1 to ${ID_LENGTH} characters` }];

function refuse(violations: Violation[]): void {
  if (violations.length > 0) throw invalidArgument(violations);
}
