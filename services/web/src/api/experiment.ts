/** The experiment that runs: whoever asks for a picture draws with the profile of their side. */
import { type ExperimentVariant, InsightsService } from '@atelier/contracts';
import type { Log } from '@atelier/process';
import { createClient } from '@atelier/rpc';

/** Somebody's side of an experiment. */
export interface Side {
  experimentId: string;
  variant: ExperimentVariant;
  /** The bundle's profile that this side draws with. */
  profile: string;
}

export interface Experiment {
  /** The user's side, always the same; undefined while insights can't tell: an experiment costs nobody a picture. */
  sideOf(user: string): Promise<Side | undefined>;
  close(): void;
}

/** How long a request for pictures waits to be assigned, milliseconds. */
const TIMEOUT_MS = 1_000;

export function openExperiment(experimentId: string, insightsAddress: string, log: Log): Experiment {
  const insights = createClient(InsightsService, { address: insightsAddress, name: 'web' });
  return {
    async sideOf(user) {
      try {
        const request = { experimentId, userId: user };
        const { variant, modelVersion } = await insights.assignVariant(request, { timeoutMs: TIMEOUT_MS });
        return { experimentId, variant, profile: modelVersion };
      } catch (err) {
        log.warn({ err, experiment: experimentId }, 'a request takes no part in the experiment');
        return undefined;
      }
    },
    close: () => insights.close(),
  };
}
