/** The wait in the queue, kept as the first stage of a generation. */
import { create, type Generation, type Stage, StageSchema, timestampMs } from '@atelier/contracts';

const NAME = 'queue';

type Time = NonNullable<Stage['startTime']>;

/** The stage as it begins. */
export const beginQueueStage = (startTime: Time): Stage => create(StageSchema, { name: NAME, startTime });

/** The stage as the worker finds it: ended `now`, or when the first worker took the generation. */
export function endQueueStage(generation: Generation, now: Time): Stage {
  const found = generation.stages.find((stage) => stage.name === NAME);
  if (found?.durationMs !== undefined) return found;
  const startTime = found?.startTime ?? generation.createTime ?? now;
  return create(StageSchema, {
    name: NAME,
    startTime,
    durationMs: Math.max(0, timestampMs(now) - timestampMs(startTime)),
  });
}
