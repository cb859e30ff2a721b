/** One worker's attempt at a generation: the only writer of its record while it lasts, and the teller of its progress. */

import {
  type CreateGenerationRequest,
  create,
  type Generation,
  type GenerationEvent,
  GenerationEventSchema,
  type GenerationRecord,
  GenerationState,
  type Image,
  type ModelVersion,
  PreviewSchema,
  ProgressSchema,
  StageFinishedSchema,
  StageSchema,
  StageStartedSchema,
  StateChangedSchema,
  timestampNow,
} from '@atelier/contracts';
import { generationEvents, previewsOf } from '@atelier/events';
import { failpoint } from '@atelier/failpoints';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { Interruption } from './interruption.ts';
import { recordStage } from './metrics.ts';
import { endQueueStage } from './queue-stage.ts';
import { RecordWriter } from './record-writer.ts';
import { finishedAfter, firstOf } from './sequence.ts';
import { transition } from './state.ts';
import type { GenerationStore, Stored } from './store.ts';

const tracer = trace.getTracer('@atelier/orchestrator');

/** A final state and what comes with it. */
export type Ending = (generation: Generation) => void;

export class Attempt {
  /** Aborts when the attempt has to end; the reason is an Interruption. */
  readonly signal: AbortSignal;
  /** Models that made something of the picture, in the order of their stages. */
  readonly madeWith: ModelVersion[] = [];
  readonly #store: GenerationStore;
  readonly #writer: RecordWriter;
  /** Number of the event that was told last. */
  #told: bigint;

  private constructor(store: GenerationStore, claimed: Stored, signals: AbortSignal[]) {
    const superseded = new AbortController();
    this.#store = store;
    this.#writer = new RecordWriter(store, claimed, () => superseded.abort(new Interruption('superseded')));
    this.#told = firstOf(this.generation.attempt) - 1n;
    this.signal = AbortSignal.any([superseded.signal, ...signals]);
  }

  /**
   * Begin the next attempt at the generation in `stored`; null when someone else wrote the record first. The stages of
   * an attempt that died are forgotten, the wait in the queue is not.
   */
  static async claim(
    store: GenerationStore,
    stored: Stored,
    signals: AbortSignal[],
  ): Promise<Attempt | null> {
    const now = timestampNow();
    await failpoint('attempt.claim.before');
    const claimed = await store.update(stored, (generation) => {
      generation.state = transition(generation.state, GenerationState.RUNNING);
      generation.attempt += 1;
      generation.sequence = firstOf(generation.attempt);
      generation.stages = [endQueueStage(generation, now)];
      generation.startTime ??= now;
      generation.modelVersions = [];
      delete generation.progress;
      delete generation.enhancedPrompt;
    });
    if (!claimed) return null;
    await failpoint('attempt.claim.after');
    const attempt = new Attempt(store, claimed, signals);
    const { stages, state } = attempt.generation;
    attempt.#tell({ case: 'stateChanged', value: create(StateChangedSchema, { state }) });
    if (attempt.generation.attempt === 1) attempt.#stageFinished('queue', stages[0]?.durationMs ?? 0);
    return attempt;
  }

  /** The generation as this attempt knows it; change it through `note`. */
  get generation(): Generation {
    return this.#writer.generation;
  }

  /** What was asked, with those defaults filled in that are not the model's. */
  get request(): CreateGenerationRequest {
    const { request } = this.#writer.record;
    if (!request) throw new Error('a record without request');
    return request;
  }

  /** The pictures that came with the request, by reference. */
  get inputs(): Pick<GenerationRecord, 'initImage' | 'mask'> {
    return this.#writer.record;
  }

  /** Run a stage in a span of its name, telling when it begins and how long it took. Rejects once interrupted. */
  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.signal.aborted) throw this.signal.reason;
    const stage = create(StageSchema, { name, startTime: timestampNow() });
    const began = performance.now();
    this.#tell({ case: 'stageStarted', value: create(StageStartedSchema, { name }) });
    this.note((generation) => generation.stages.push(stage));
    return await tracer.startActiveSpan(name, async (span) => {
      try {
        await failpoint('stage.run.before');
        const result = await work();
        await failpoint('stage.run.after');
        const durationMs = performance.now() - began;
        this.#stageFinished(name, durationMs);
        this.note(() => {
          stage.durationMs = durationMs;
        });
        return result;
      } catch (error) {
        // The class alone: messages may quote what people wrote.
        span.setStatus({
          code: SpanStatusCode.ERROR,
          message: error instanceof Error ? error.name : 'error',
        });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** So many denoising steps of an image have ended. */
  progress(imageIndex: number, step: number, steps: number): void {
    const progress = create(ProgressSchema, { imageIndex, step, steps });
    this.#tell({ case: 'progress', value: progress });
    this.note((generation) => {
      generation.progress = progress;
    });
  }

  /** Whether anybody watches, at whatever replica, who would be sent a preview. */
  async wantsPreviews(): Promise<boolean> {
    return await this.#store.events.isWanted(previewsOf(this.generation.id));
  }

  /** What an image looks like by now: a PNG that passed harm-detection. */
  preview(imageIndex: number, step: number, image: Image): void {
    this.#tell({ case: 'preview', value: create(PreviewSchema, { imageIndex, step, image }) });
  }

  /** Models made something of the picture. */
  made(...models: (ModelVersion | undefined)[]): void {
    for (const model of models) {
      const known = this.madeWith.some(
        (other) => other.name === model?.name && other.version === model.version,
      );
      if (model && !known) this.madeWith.push(model);
    }
    this.used(...models);
  }

  /** Models took part, if only by judging. */
  used(...models: (ModelVersion | undefined)[]): void {
    for (const model of models) {
      const known = this.generation.modelVersions.some(
        (other) => other.name === model?.name && other.version === model.version,
      );
      if (model && !known) this.note((generation) => generation.modelVersions.push(model));
    }
  }

  /** Change the record to what was told last; it is written soon, in the background. */
  note(change: (generation: Generation) => void): void {
    this.#writer.change((generation) => {
      change(generation);
      generation.sequence = this.#told;
    });
  }

  /** Write the final record and tell. Throws Interruption when the attempt had lost the generation. */
  async finish(state: GenerationState, ending: Ending): Promise<Generation> {
    await failpoint('attempt.finish.before');
    const kept = await this.#writer.changeNow((generation) => {
      generation.state = transition(generation.state, state);
      ending(generation);
      generation.endTime = timestampNow();
      generation.sequence = finishedAfter(generation.attempt);
      delete generation.progress;
    });
    if (!kept) throw new Interruption('superseded');
    await failpoint('attempt.finish.after');
    await this.#store.publishFinished(this.generation);
    return this.generation;
  }

  /** The attempt is over without a result: write no more. */
  async abandon(): Promise<void> {
    await this.#writer.stop();
  }

  #stageFinished(name: string, durationMs: number): void {
    recordStage(name, durationMs);
    this.#tell({ case: 'stageFinished', value: create(StageFinishedSchema, { name, durationMs }) });
  }

  #tell(what: GenerationEvent['what']): void {
    const { id, attempt } = this.generation;
    this.#told += 1n;
    const event = create(GenerationEventSchema, {
      generationId: id,
      attempt,
      sequence: this.#told,
      eventTime: timestampNow(),
    });
    event.what = what;
    this.#store.events.publishLossy(generationEvents, event);
  }
}
