/** The queries. Each counts over all models and by model at once; every sum is of integers. */

/** The model of a row; a generation whose end is not known has none. */
const MODEL = `coalesce(model_name, '') AS name, coalesce(model_version, '') AS version, coalesce(model_sha256, '') AS sha256`;
const BY_MODEL = 'GROUPING SETS ((), (name, version, sha256))';
const KEYS = 'grouping(name) = 1 AS overall, name, version, sha256';

const sums = (column: string, filter = ''): string => {
  const where = filter && ` FILTER (${filter})`;
  return `count(${column})${where} AS count,
    coalesce(sum(${column}::HUGEINT)${where}, 0) AS sum,
    coalesce(sum(${column}::HUGEINT * ${column}::HUGEINT)${where}, 0) AS squares`;
};

/** One image before one user. Of several ratings the latest counts, of two at the same time the one with the greater id. */
export const EXPOSURE = `
  SELECT generation_id, image_index, user_id,
    coalesce(min(occur_us) FILTER (kind = 'shown'), min(occur_us)) AS at_us,
    bool_or(kind = 'shown') AS shown,
    bool_or(kind = 'clicked') AS clicked,
    bool_or(kind = 'converted') AS converted,
    bool_or(kind = 'downloaded') AS downloaded,
    bool_or(kind = 'reported') AS reported,
    bool_or(kind = 'viewed') AS viewed,
    sum(viewed_us)::HUGEINT AS viewed_us,
    sum(value_micros)::HUGEINT AS value_micros,
    (max({ us: occur_us, id: interaction_id, rating: rating }) FILTER (kind = 'rated')).rating AS rating
  FROM interactions
  WHERE kind NOT IN ('requested', 'consentChanged')
  GROUP BY generation_id, image_index, user_id`;

export const EXPOSURES = `
  WITH exposure AS (${EXPOSURE}), placed AS (
    SELECT exposure.*, ${MODEL} FROM exposure LEFT JOIN generations USING (generation_id)
    WHERE at_us >= $from AND at_us < $to)
  SELECT ${KEYS},
    count(*) FILTER (shown) AS impressions,
    count(*) FILTER (shown AND clicked) AS clicked,
    count(*) FILTER (shown AND converted) AS converted,
    count(*) FILTER (shown AND downloaded) AS downloaded,
    count(*) FILTER (shown AND reported) AS reported,
    count(*) FILTER (clicked AND NOT shown) AS orphans,
    count(rating) AS rated,
    count(*) FILTER (rating = 1) AS rated_up,
    coalesce(sum(value_micros), 0)::HUGEINT AS value_micros,
    ${sums('viewed_us', 'viewed')}
  FROM placed GROUP BY ${BY_MODEL}`;

/** Nearest rank in integers: the smallest latency that at least the share of all are no longer than. */
const quantile = (hundredths: number): string =>
  `coalesce(sorted[(len(sorted) * ${hundredths} + 99) // 100], 0)::BIGINT`;

export const GENERATIONS = `
  WITH ended AS (
    SELECT *, ${MODEL}, CASE WHEN state = 'succeeded' THEN end_us - create_us END AS latency_us FROM generations
    WHERE end_us >= $from AND end_us < $to), counted AS (
    SELECT ${KEYS},
      count(*) FILTER (state = 'succeeded') AS succeeded,
      count(*) FILTER (state = 'failed') AS failed,
      count(*) FILTER (state = 'blocked') AS blocked,
      count(*) FILTER (state = 'cancelled') AS cancelled,
      coalesce(sum(images), 0)::HUGEINT AS images,
      coalesce(min(end_us), 0) AS first_us,
      coalesce(max(end_us), 0) AS last_us,
      list(latency_us ORDER BY latency_us) FILTER (latency_us IS NOT NULL) AS sorted,
      ${sums('latency_us')}
    FROM ended GROUP BY ${BY_MODEL})
  SELECT * EXCLUDE (sorted), ${quantile(50)} AS p50, ${quantile(95)} AS p95, ${quantile(99)} AS p99 FROM counted`;

export const STAGES = `
  WITH used AS (
    SELECT ${MODEL}, unnest(stages, recursive := true) FROM generations
    WHERE end_us >= $from AND end_us < $to)
  SELECT ${KEYS}, stage, ${sums('duration_us')}
  FROM used GROUP BY GROUPING SETS ((stage), (stage, name, version, sha256)) ORDER BY stage`;

/** The user of a generation is whoever asked first. */
export const OWNERS = `
  SELECT generation_id, min({ us: occur_us, id: interaction_id, user_id: user_id }).user_id AS owner
  FROM interactions WHERE kind = 'requested' AND user_id <> '' GROUP BY generation_id`;

export const COSTS = `
  WITH paid AS (
    SELECT ${MODEL}, strftime(make_timestamp(end_us), '%Y-%m') AS month, owner, cost_nanos
    FROM generations LEFT JOIN (${OWNERS}) USING (generation_id)
    WHERE end_us >= $from AND end_us < $to), per_user AS (
    SELECT ${KEYS}, month, owner, sum(cost_nanos)::HUGEINT AS nanos
    FROM paid GROUP BY GROUPING SETS ((month, owner), (month, owner, name, version, sha256)))
  SELECT overall, name, version, sha256, month,
    sum(nanos)::HUGEINT AS total,
    coalesce(sum(nanos) FILTER (owner IS NULL), 0)::HUGEINT AS unattributed,
    ${sums('nanos', 'owner IS NOT NULL')}
  FROM per_user GROUP BY overall, name, version, sha256, month ORDER BY month`;

export const EVENTS = `
  SELECT (SELECT count(*) FROM interactions) + (SELECT count(*) FROM generations) AS events`;
