/** Following a generation from any replica: a snapshot, what happens, exactly one `finished`. */
import {
  create,
  type Generation,
  type GenerationEvent,
  type WatchGenerationRequest,
  type WatchGenerationResponse,
  WatchGenerationResponseSchema,
} from '@atelier/contracts';
import { eventsOfGeneration, generationEvents, previewsOf } from '@atelier/events';
import { notFound, unavailable } from '@atelier/rpc';
import { withInlineImages } from './inline-images.ts';
import { finishedAfter } from './sequence.ts';
import { isFinal } from './state.ts';
import { type GenerationStore, generationOf } from './store.ts';

/** How often a silent watch looks whether the record became final without a word, milliseconds. */
const LOOK_EVERY_MS = 1_000;

export interface WatchSignals {
  /** The caller went away. */
  signal: AbortSignal;
  /** This replica is about to end. */
  draining: AbortSignal;
}

/**
 * The messages of a watch. The snapshot carries the number that the events go on from: that of the latest event it
 * includes, or `after_sequence` when the caller resumes.
 * Throws RpcError NOT_FOUND also for what the caller may not see, or UNAVAILABLE when this replica drains: resume at another.
 */
export async function* watchGeneration(
  store: GenerationStore,
  request: WatchGenerationRequest,
  signals: WatchSignals,
  maySee: (generation: Generation) => boolean,
): AsyncGenerator<WatchGenerationResponse> {
  const generation = await load(store, request.id);
  if (!maySee(generation)) throw unknown(request.id);
  let last = resumePoint(generation, request.afterSequence);
  yield response(last, { case: 'snapshot', value: await withInlineImages(store.events, generation) });

  const over = isFinal(generation.state);
  const previews = request.previews ?? true;
  for await (const event of tail(store, request.id, { over, previews }, signals)) {
    // An attempt that lost its job without noticing still counts in its own, lower block.
    if (event.sequence <= last) continue;
    if (event.what.case === 'finished') break;
    const message = translate(event, previews);
    if (!message) continue;
    last = event.sequence;
    yield message;
  }
  // The record, not the event: it is what Get answers, and is there when events have expired.
  const final = over ? generation : await load(store, request.id);
  if (!isFinal(final.state)) {
    throw unavailable('this replica stops; watch again', { reason: 'DRAINING', retryAfterMs: 0 });
  }
  const value = over ? generation : final;
  yield response(value.sequence, { case: 'finished', value: await withInlineImages(store.events, value) });
}

async function load(store: GenerationStore, id: string): Promise<Generation> {
  const stored = await store.get(id);
  if (!stored) throw unknown(id);
  return generationOf(stored.value);
}

const unknown = (id: string) => notFound(`there is no generation ${id}`, 'GENERATION_NOT_FOUND');

/** What the caller has seen, but never as much as to hide `finished`. */
function resumePoint(generation: Generation, after: bigint): bigint {
  const seen = after || generation.sequence;
  const end = finishedAfter(generation.attempt) - 1n;
  return isFinal(generation.state) && seen > end ? end : seen;
}

/** The events of a generation until its end, or until the caller or this replica goes away. Previews are made while somebody wants them. */
async function* tail(
  store: GenerationStore,
  id: string,
  { over, previews }: { over: boolean; previews: boolean },
  signals: WatchSignals,
): AsyncGenerator<GenerationEvent> {
  const stop = new AbortController();
  const signal = AbortSignal.any([signals.signal, signals.draining, stop.signal]);
  const options = over ? { untilCaughtUp: true, signal } : { signal };
  const stored = store.events.readStream(generationEvents, eventsOfGeneration(id), options);
  const unwant = previews && !over ? store.events.want(previewsOf(id)) : undefined;
  const timer = setInterval(() => void healSilence(store, id), LOOK_EVERY_MS);
  try {
    for await (const { message } of stored) yield message;
  } finally {
    clearInterval(timer);
    unwant?.();
    stop.abort();
  }
}

/** Publish the end of a generation whose owner died between writing it and telling it. */
async function healSilence(store: GenerationStore, id: string): Promise<void> {
  try {
    const generation = await load(store, id);
    if (isFinal(generation.state)) await store.publishFinished(generation);
  } catch {
    // NATS is away, or the record has expired: the watch itself will notice.
  }
}

function translate(event: GenerationEvent, previews: boolean): WatchGenerationResponse | null {
  const { what } = event;
  switch (what.case) {
    case 'stageStarted':
    case 'stageFinished':
    case 'progress':
      return response(event.sequence, what, event);
    case 'preview':
      return previews ? response(event.sequence, what, event) : null;
    default:
      return null;
  }
}

function response(
  sequence: bigint,
  event: WatchGenerationResponse['event'],
  happened?: GenerationEvent,
): WatchGenerationResponse {
  const message = create(WatchGenerationResponseSchema, { sequence });
  message.event = event;
  const time = happened?.eventTime ?? (event.case === 'finished' ? event.value.endTime : undefined);
  if (time) message.eventTime = time;
  return message;
}
