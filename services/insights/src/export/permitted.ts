/** Which pictures may be learnt from. */
import { integer, text } from '../metrics/count.ts';
import { EXPOSURE } from '../metrics/queries.ts';
import type { Query } from '../store/store.ts';

export interface PermittedPicture {
  generationId: string;
  imageIndex: number;
}

/**
 * A picture may be learnt from when its generation succeeded and is not private, all who asked for it agreed while asking and
 * are known, none of them withdrew consent then or later, nobody reported it, and no more people rated it down than up. What
 * arrives in which order makes no difference; who agrees again later agrees for what comes later.
 */
const PERMITTED = `
  WITH withdrawal AS (
    SELECT user_id, max(occur_us) AS last_us FROM interactions WHERE kind = 'consentChanged' AND NOT consent GROUP BY user_id),
  asked AS (
    SELECT generation_id, bool_and(user_id <> '' AND consent AND (last_us IS NULL OR last_us < occur_us)) AS agreed
    FROM interactions LEFT JOIN withdrawal USING (user_id) WHERE kind = 'requested' GROUP BY generation_id),
  judged AS (
    SELECT generation_id, image_index, bool_or(reported) AS reported, coalesce(sum(rating), 0) AS score
    FROM (${EXPOSURE}) GROUP BY generation_id, image_index),
  picture AS (
    SELECT generation_id, unnest(range(images)) AS image_index FROM generations
    WHERE state = 'succeeded' AND NOT private)
  SELECT generation_id, image_index FROM picture JOIN asked USING (generation_id)
    LEFT JOIN judged USING (generation_id, image_index)
  WHERE agreed AND NOT coalesce(reported, false) AND coalesce(score, 0) >= 0
  ORDER BY generation_id, image_index`;

export async function permittedPictures(query: Query): Promise<PermittedPicture[]> {
  return (await query(PERMITTED)).map((row) => ({
    generationId: text(row, 'generation_id'),
    imageIndex: Number(integer(row, 'image_index')),
  }));
}
