/** Every subject of the mesh and the message that travels on it. */
import {
  type CurationTask,
  CurationTaskSchema,
  FeedbackEventSchema,
  type GenerationEvent,
  GenerationEventSchema,
  type GenerationJob,
  GenerationJobSchema,
  type MessageShape,
  ModelEventSchema,
} from '@atelier/contracts';
import type { DescMessage } from '@bufbuild/protobuf';

/** A kind of message with its place on NATS. */
export interface Channel<D extends DescMessage> {
  /** Payload. */
  schema: D;
  /** Stream that keeps it. */
  stream: string;
  /** Subject filter of all messages of the channel. */
  filter: string;
  /** Subject of one message. */
  subject(message: MessageShape<D>): string;
  /** `Nats-Msg-Id`: the same for a message that is sent again. */
  messageId(message: MessageShape<D>): string;
}

/** Work for the orchestrators. */
export const generationJobs: Channel<typeof GenerationJobSchema> = {
  schema: GenerationJobSchema,
  stream: 'ATELIER_JOBS',
  filter: 'atelier.jobs.generation',
  subject: () => 'atelier.jobs.generation',
  messageId: (job: GenerationJob) => job.generationId,
};

/** Work for the data pipeline. */
export const curationTasks: Channel<typeof CurationTaskSchema> = {
  schema: CurationTaskSchema,
  stream: 'ATELIER_JOBS',
  filter: 'atelier.jobs.curation',
  subject: () => 'atelier.jobs.curation',
  messageId: (task: CurationTask) => `${task.session}.${task.stage}.${task.index}`,
};

/** What happens to generations. */
export const generationEvents: Channel<typeof GenerationEventSchema> = {
  schema: GenerationEventSchema,
  stream: 'ATELIER_GENERATIONS',
  filter: 'atelier.events.generation.*.*',
  subject: (event: GenerationEvent) =>
    `atelier.events.generation.${event.generationId}.${token(event.what.case)}`,
  messageId: (event: GenerationEvent) =>
    event.what.case === 'finished'
      ? `${event.generationId}.finished`
      : `${event.generationId}.${event.sequence}.${token(event.what.case)}`,
};

/** What people do with their pictures. */
export const feedbackEvents: Channel<typeof FeedbackEventSchema> = {
  schema: FeedbackEventSchema,
  stream: 'ATELIER_FEEDBACK',
  filter: 'atelier.events.feedback.*',
  subject: (event) => `atelier.events.feedback.${token(event.interaction?.kind.case)}`,
  messageId: (event) => event.interaction?.interactionId ?? '',
};

/** Decisions about candidate models. */
export const modelEvents: Channel<typeof ModelEventSchema> = {
  schema: ModelEventSchema,
  stream: 'ATELIER_MODELS',
  filter: 'atelier.events.model.*',
  subject: (event) => `atelier.events.model.${token(event.decision.case)}`,
  messageId: (event) =>
    `${event.modelVersion?.name}@${event.modelVersion?.version}.${token(event.decision.case)}`,
};

/** Filter of one generation's events. */
export const eventsOfGeneration = (id: string): string => `atelier.events.generation.${id}.*`;

/** Filter of the events that carry a generation in its final state. */
export const FINISHED_GENERATIONS = 'atelier.events.generation.*.finished';

/** Filter of the requests to stop, for all generations. */
export const CANCEL_REQUESTS = 'atelier.events.generation.*.cancel-requested';

/** Where those answer who would be sent previews of a generation; nothing is kept there. */
export const previewsOf = (id: string): string => `atelier.wanted.previews.${id}`;

/** Where a job goes that can't be done: `atelier.jobs.generation` → `atelier.dlq.jobs.generation`. */
export const deadLetterSubject = (subject: string): string => subject.replace(/^atelier\./, 'atelier.dlq.');

/** `stageFinished` → `stage-finished`: the name of the set field, as the last token of a subject. */
function token(field: string | undefined): string {
  if (!field) throw new TypeError('an event without content has no subject');
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
