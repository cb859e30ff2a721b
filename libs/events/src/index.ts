/** Typed NATS for Atelier: subjects, streams, the work queue, records and pictures. */
export type { BatchOptions } from './batches.ts';
export { connectEvents, type EventsOptions } from './connect.ts';
export { makeNatsUser } from './credentials.ts';
export { EventsError, type EventsErrorCode } from './errors.ts';
export { Events } from './events.ts';
export type { Images } from './images.ts';
export { NATS_SERVICES, natsConfiguration, type Permissions, permissionsOf } from './permissions.ts';
export type { PublishOptions } from './publish.ts';
export type { Records, Versioned } from './records.ts';
export {
  CANCEL_REQUESTS,
  type Channel,
  curationTasks,
  deadLetterSubject,
  eventsOfGeneration,
  FINISHED_GENERATIONS,
  feedbackEvents,
  generationEvents,
  generationJobs,
  modelEvents,
  previewsOf,
} from './subjects.ts';
export type { ReadOptions, StoredMessage } from './subscribe.ts';
export {
  CURATION_WORKERS,
  DEFAULT_ACK_WAIT_MS,
  ensureTopology,
  GENERATION_WORKERS,
  IMAGE_BUCKET,
  STREAMS,
} from './topology.ts';
export { contextOf, tracedHeaders } from './tracing.ts';
export type { Delivery, Outcome, Worker, WorkOptions } from './work-queue.ts';
