/** What a verdict leads to: a promoted candidate is published and pointed to; either way an event tells. */

import { join } from 'node:path';
import { create, type ModelEvent, ModelEventSchema, timestampNow } from '@atelier/contracts';
import { connectEvents, modelEvents } from '@atelier/events';
import { type Bundle, type ModelIdentity, openBundle, promote, publish } from '@atelier/models';
import type { Verdict } from './verdict.ts';

/** Role whose identity stands for a bundle. */
const ROLE = 'denoiser';

export interface PromotionOptions {
  readonly candidate: Bundle;
  readonly verdict: Verdict;
  /** Folder of the registry; undefined: nothing is promoted, and nobody told. */
  readonly registry: string | undefined;
  /** Where the event goes; undefined: nowhere. */
  readonly natsUrl: string | undefined;
  /** File with the seed of the evaluator's NKey, where that server knows users; default: none. */
  readonly seedFile?: string | undefined;
}

/** Publishes and points before it tells, so that whoever hears of a model can load it. */
export async function conclude({
  candidate,
  verdict,
  registry,
  natsUrl,
  seedFile,
}: PromotionOptions): Promise<ModelEvent | undefined> {
  if (registry === undefined) return undefined;
  const event = create(ModelEventSchema, {
    modelVersion: candidate.identity(ROLE),
    eventTime: timestampNow(),
    decision:
      verdict.decision === 'promote'
        ? { case: 'promoted', value: await putIntoProduction(candidate, registry) }
        : { case: 'rejected', value: { reasons: [...verdict.reasons] } },
  });
  if (natsUrl === undefined) return event;
  const events = await connectEvents({ servers: natsUrl, name: 'evaluator', seedFile });
  try {
    await events.publish(modelEvents, event);
  } finally {
    await events.close();
  }
  return event;
}

async function putIntoProduction(candidate: Bundle, registry: string): Promise<{ previous?: ModelIdentity }> {
  const { name, version } = candidate;
  await publish(registry, candidate);
  const previous = await promote(registry, name, version);
  if (previous === undefined) return {};
  const before = await openBundle(join(registry, name, previous), { roles: [] });
  return { previous: before.identity(ROLE) };
}
