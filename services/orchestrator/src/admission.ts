/** Taking a request in: refused, met before, or recorded and queued. */
import { randomInt } from 'node:crypto';
import {
  type CreateGenerationRequest,
  CreateGenerationRequestSchema,
  create,
  equals,
  type Generation,
  GenerationEventSchema,
  GenerationJobSchema,
  type GenerationRecord,
  GenerationRecordSchema,
  GenerationState,
  timestampMs,
  timestampNow,
} from '@atelier/contracts';
import { generationEvents } from '@atelier/events';
import { alreadyExists, resourceExhausted } from '@atelier/rpc';
import { trace } from '@opentelemetry/api';
import { generationId, indexKey } from './identity.ts';
import { hasPictures, type InputPictures, storeInputPictures, withoutPictures } from './input-pictures.ts';
import { beginQueueStage } from './queue-stage.ts';
import type { Quota } from './quota.ts';
import { firstOf } from './sequence.ts';
import { type GenerationStore, generationOf, type Stored } from './store.ts';

/** When to come back to a full queue, milliseconds: about one generation. */
const QUEUE_FULL_RETRY_MS = 5_000;

export interface AdmissionOptions {
  store: GenerationStore;
  /** Generations that may wait or run. */
  queueLimit: number;
  quota: Quota;
}

/**
 * Record and queue what `request` asks for; `request` and its `pictures` have passed validation. The answer is the generation as it stands:
 * a repeated request gets the first one's, and finishes its admission where the first died before queueing.
 * Throws RpcError ALREADY_EXISTS or RESOURCE_EXHAUSTED, or EventsError.
 */
export async function admit(
  { store, queueLimit, quota }: AdmissionOptions,
  asked: CreateGenerationRequest,
  pictures: InputPictures,
): Promise<Generation> {
  const request = withoutPictures(asked);
  const id = generationId(request.tenant, request.requestId);
  const met = request.requestId ? await store.get(id) : null;
  if (met) return await meetAgain(store, met, request, pictures);

  if ((await store.events.backlog()) >= queueLimit) {
    throw resourceExhausted(`${queueLimit} generations wait already`, QUEUE_FULL_RETRY_MS, 'QUEUE_FULL');
  }
  const { tenant, count = 1 } = request;
  await quota.spend(tenant, count);
  try {
    const [generation, isNew] = await admitNew(store, id, request, pictures);
    if (!isNew) await quota.refund(tenant, count);
    return generation;
  } catch (error) {
    // What was recorded is drawn, sooner or later; what was not is given back as far as the server answers.
    if (!(await store.get(id).catch(() => true))) await quota.refund(tenant, count).catch(() => {});
    throw error;
  }
}

/** The generation, and whether it is this call that made it. */
async function admitNew(
  store: GenerationStore,
  id: string,
  request: CreateGenerationRequest,
  pictures: InputPictures,
): Promise<[Generation, boolean]> {
  const record = newRecord(id, request, await storeInputPictures(store.events.images, id, pictures));
  // First, so that a record whose maker dies before it is queued is found by `recover`.
  await store.events.generationIndex.add(indexKey(request.tenant, createMs(generationOf(record)), id));
  const created = await store.create(record);
  if (created) return [await enqueue(store, created), true];
  // The same request, at the same time, at another replica.
  const other = await store.get(id);
  if (!other) throw new Error('a record vanished while it was made');
  return [await meetAgain(store, other, request, pictures), false];
}

async function meetAgain(
  store: GenerationStore,
  met: Stored,
  request: CreateGenerationRequest,
  pictures: InputPictures,
): Promise<Generation> {
  const recorded = met.value.request;
  const same = recorded && equals(CreateGenerationRequestSchema, recorded, request);
  if (!same || !hasPictures(met.value, pictures)) {
    throw alreadyExists('request_id was used for a request with other fields', 'REQUEST_ID_REUSED');
  }
  const generation = generationOf(met.value);
  return generation.state === GenerationState.ACCEPTED ? await enqueue(store, met) : generation;
}

function newRecord(
  id: string,
  request: CreateGenerationRequest,
  pictures: Pick<GenerationRecord, 'initImage' | 'mask'>,
): GenerationRecord {
  const { requestId, tenant, prompt, negativePrompt, language } = request;
  const traceId = trace.getActiveSpan()?.spanContext().traceId ?? '';
  return create(GenerationRecordSchema, {
    request,
    ...pictures,
    generation: {
      id,
      state: GenerationState.ACCEPTED,
      requestId,
      tenant,
      prompt,
      negativePrompt,
      language,
      seed: request.seed ?? randomInt(2 ** 32),
      steps: request.steps ?? 0,
      ...(request.guidanceScale !== undefined && { guidanceScale: request.guidanceScale }),
      count: request.count ?? 1,
      size: request.size ?? 1_024,
      enhance: request.enhance ?? true,
      private: request.private,
      ...(request.options && { options: request.options }),
      createTime: timestampNow(),
      traceId,
    },
  });
}

const createMs = ({ createTime }: Generation): number => (createTime ? timestampMs(createTime) : Date.now());

/** Queue a generation that is ACCEPTED. Idempotent: a worker that gets its job twice finds what the first did. */
export async function enqueue(store: GenerationStore, accepted: Stored): Promise<Generation> {
  const { id } = generationOf(accepted.value);
  const now = timestampNow();
  await store.events.enqueue(create(GenerationJobSchema, { generationId: id, enqueueTime: now }));

  const sequence = firstOf(0);
  const queued = await store.update(accepted, (generation) => {
    generation.state = GenerationState.QUEUED;
    generation.sequence = sequence + 1n;
    generation.stages = [beginQueueStage(now)];
  });
  // A fast worker has it already: the record says more than we know.
  if (!queued) return generationOf((await store.get(id))?.value ?? accepted.value);

  const event = { generationId: id, eventTime: now };
  const state = { state: GenerationState.QUEUED };
  store.events.publishLossy(
    generationEvents,
    create(GenerationEventSchema, { ...event, sequence, what: { case: 'stateChanged', value: state } }),
  );
  store.events.publishLossy(
    generationEvents,
    create(GenerationEventSchema, {
      ...event,
      sequence: sequence + 1n,
      what: { case: 'stageStarted', value: { name: 'queue' } },
    }),
  );
  return generationOf(queued.value);
}
