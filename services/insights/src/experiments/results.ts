/** How an experiment stands: users by side, and what they did at least once. */
import type { GetExperimentResponseSchema, MessageInitShape } from '@atelier/contracts';
import { integer, text } from '../metrics/count.ts';
import { wilson } from '../metrics/intervals.ts';
import { EXPOSURE } from '../metrics/queries.ts';
import type { Query } from '../store/store.ts';
import type { Experiment } from './definitions.ts';
import { oneProportionZ, twoProportionZ } from './significance.ts';

/** ExperimentVariant.TREATMENT as the database has it. */
const TREATMENT = 2n;

const ACTIONS = ['clicked', 'converted', 'downloaded', 'rated_up', 'reported'] as const;

/** Users to whom a picture was shown that they asked for in the experiment, each on one side. */
const USERS = `
  WITH side AS (
    SELECT user_id, min(variant) AS variant, count(DISTINCT variant) AS sides
    FROM interactions WHERE kind = 'requested' AND experiment_id = $experiment AND user_id <> '' GROUP BY user_id),
  asked AS (
    SELECT DISTINCT generation_id, user_id FROM interactions
    WHERE kind = 'requested' AND experiment_id = $experiment),
  person AS (
    SELECT user_id, bool_or(clicked) AS clicked, bool_or(converted) AS converted,
      bool_or(downloaded) AS downloaded, bool_or(coalesce(rating = 1, false)) AS rated_up, bool_or(reported) AS reported
    FROM (${EXPOSURE}) JOIN asked USING (generation_id, user_id) WHERE shown GROUP BY user_id)
  SELECT CASE WHEN sides > 1 THEN 'both' ELSE variant::VARCHAR END AS side, count(*) AS users,
    ${ACTIONS.map((action) => `count(*) FILTER (${action}) AS ${action}`).join(', ')}
  FROM person JOIN side USING (user_id) GROUP BY ALL`;

export async function resultsOf(
  query: Query,
  experiment: Experiment,
): Promise<MessageInitShape<typeof GetExperimentResponseSchema>> {
  const rows = new Map(
    (await query(USERS, { experiment: experiment.id })).map((row) => [text(row, 'side'), row]),
  );
  const count = (side: string, column: string): bigint => {
    const row = rows.get(side);
    return row ? integer(row, column) : 0n;
  };
  const [control, treatment] = [String(TREATMENT - 1n), String(TREATMENT)];
  const users = { control: count(control, 'users'), treatment: count(treatment, 'users') };
  const split = { successes: Number(users.treatment), trials: Number(users.control + users.treatment) };
  return {
    experimentId: experiment.id,
    control: { modelVersion: experiment.control, users: users.control },
    treatment: { modelVersion: experiment.treatment, users: users.treatment },
    inconsistentUsers: count('both', 'users'),
    splitPValue: oneProportionZ(split, experiment.treatmentShare).pValue,
    comparisons: ACTIONS.flatMap((action) => {
      const first = wilson(count(control, action), users.control);
      const second = wilson(count(treatment, action), users.treatment);
      if (!first || !second) return [];
      const test = twoProportionZ(
        { successes: Number(count(control, action)), trials: Number(users.control) },
        { successes: Number(count(treatment, action)), trials: Number(users.treatment) },
      );
      return [{ action, control: first, treatment: second, ...test }];
    }),
  };
}
