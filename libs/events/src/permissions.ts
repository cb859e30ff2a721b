/**
 * What each service may do on NATS, derived from the channels and buckets it uses: the one place that knows. `natsConfiguration` makes
 * a server's user list of it. A service has an inbox of its own: the answers to others are not its business.
 */
import {
  CANCEL_REQUESTS,
  type Channel,
  curationTasks,
  deadLetterSubject,
  FINISHED_GENERATIONS,
  feedbackEvents,
  generationEvents,
  generationJobs,
  modelEvents,
  previewsOf,
} from './subjects.ts';
import {
  CURATION_WORKERS,
  GENERATION_BUCKET,
  GENERATION_INDEX_BUCKET,
  GENERATION_WORKERS,
  IMAGE_BUCKET,
  USAGE_BUCKET,
} from './topology.ts';

export interface Permissions {
  /** Subjects it may publish to, the API of JetStream included. */
  publish: string[];
  /** Subjects it may subscribe to. */
  subscribe: string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a channel of whatever message; only its names are used.
type AnyChannel = Pick<Channel<any>, 'stream' | 'filter'>;
type Rights = Partial<Permissions>;

const api = (what: string, stream: string, rest = ''): string => `$JS.API.${what}.${stream}${rest}`;

/** Prefix of the inbox in which a service gets answers. */
export const inboxPrefix = (service: string): string => `_INBOX_${service}`;

/** Publish what the channel carries. */
const publishes = ({ filter }: AnyChannel): Rights => ({ publish: [filter] });

/** Hear what is published on a filter from now on. */
const hears = (filter: string): Rights => ({ subscribe: [filter] });

/** Ask its own replicas whether they want what a subject names, and answer them. */
const asksItself = (subject: string, service: string): Rights => ({
  publish: [subject, `${inboxPrefix(service)}.>`],
  subscribe: [subject],
});

/** Read what a stream keeps on one filter: consumers that die with their reader, and can't be made for any other filter. */
const reads = (stream: string, filter: string): Rights => ({
  publish: [
    api('STREAM.INFO', stream),
    api('CONSUMER.CREATE', stream, `.*.${filter}`),
    api('CONSUMER.INFO', stream, '.*'),
    api('CONSUMER.DELETE', stream, '.*'),
    api('CONSUMER.MSG.NEXT', stream, '.*'),
    // Flow control of pushed messages.
    '$JS.FC.>',
  ],
});

/** Take jobs of a queue, and put those that can't be done into the dead letters. */
const works = ({ stream, filter }: AnyChannel, durable: string): Rights => ({
  publish: [
    api('STREAM.INFO', stream),
    api('CONSUMER.INFO', stream, `.${durable}`),
    api('CONSUMER.MSG.NEXT', stream, `.${durable}`),
    `$JS.ACK.${stream}.${durable}.>`,
    deadLetterSubject(filter),
  ],
});

/** Count the jobs of a queue. */
const counts = ({ stream }: AnyChannel, durable: string): Rights => ({
  publish: [api('CONSUMER.INFO', stream, `.${durable}`)],
});

/** Read in batches under a durable name, which is made anew when a reader takes over. */
const batches = ({ stream }: AnyChannel, durable: string, filter?: string): Rights => ({
  publish: [
    api('STREAM.INFO', stream),
    api('CONSUMER.INFO', stream, `.${durable}`),
    api('CONSUMER.DELETE', stream, `.${durable}`),
    api('CONSUMER.CREATE', stream, `.${durable}${filter ? `.${filter}` : ''}`),
    api('CONSUMER.MSG.NEXT', stream, `.${durable}`),
    `$JS.ACK.${stream}.${durable}.>`,
  ],
});

const getsKeys = (bucket: string): Rights => ({
  publish: [
    api('STREAM.INFO', `KV_${bucket}`),
    api('STREAM.MSG.GET', `KV_${bucket}`),
    api('DIRECT.GET', `KV_${bucket}`, '.>'),
  ],
});
const putsKeys = (bucket: string): Rights => ({ publish: [`$KV.${bucket}.>`] });
const listsKeys = (bucket: string): Rights => reads(`KV_${bucket}`, `$KV.${bucket}.>`);

const getsObjects = (bucket: string): Rights => ({
  publish: [
    ...(reads(`OBJ_${bucket}`, `$O.${bucket}.C.>`).publish ?? []),
    api('STREAM.MSG.GET', `OBJ_${bucket}`),
    api('DIRECT.GET', `OBJ_${bucket}`, '.>'),
  ],
});
/** Overwriting a picture purges the parts of the old one. */
const putsObjects = (bucket: string): Rights => ({
  publish: [
    `$O.${bucket}.C.>`,
    `$O.${bucket}.M.>`,
    api('STREAM.PURGE', `OBJ_${bucket}`),
    ...(getsObjects(bucket).publish ?? []),
  ],
});

/** Create and update streams, consumers and buckets: whoever may do that owns the data. */
const declares: Rights = {
  publish: ['$JS.API.STREAM.CREATE.*', '$JS.API.STREAM.UPDATE.*', '$JS.API.STREAM.INFO.*'].concat(
    ['INFO', 'CREATE', 'DURABLE.CREATE'].map((what) => `$JS.API.CONSUMER.${what}.ATELIER_JOBS.>`),
  ),
};

/** What each service is for. `declares` is the orchestrator's alone: the others find what it made. */
const NEEDS: Readonly<Record<string, readonly Rights[]>> = {
  orchestrator: [
    declares,
    publishes(generationJobs),
    publishes(generationEvents),
    works(generationJobs, GENERATION_WORKERS),
    counts(generationJobs, GENERATION_WORKERS),
    hears(CANCEL_REQUESTS),
    asksItself(previewsOf('*'), 'orchestrator'),
    reads(generationEvents.stream, generationEvents.filter.replace(/\*\.\*$/, '>')),
    getsKeys(GENERATION_BUCKET),
    putsKeys(GENERATION_BUCKET),
    putsKeys(GENERATION_INDEX_BUCKET),
    listsKeys(GENERATION_INDEX_BUCKET),
    getsKeys(USAGE_BUCKET),
    putsKeys(USAGE_BUCKET),
    putsObjects(IMAGE_BUCKET),
  ],
  autocomplete: [reads(generationEvents.stream, FINISHED_GENERATIONS)],
  insights: [
    batches(feedbackEvents, 'insights'),
    batches(generationEvents, 'insights', FINISHED_GENERATIONS),
    getsKeys(GENERATION_BUCKET),
    getsObjects(IMAGE_BUCKET),
  ],
  web: [publishes(feedbackEvents)],
  evaluator: [publishes(modelEvents), reads(modelEvents.stream, modelEvents.filter)],
  'data-pipeline': [
    publishes(curationTasks),
    works(curationTasks, CURATION_WORKERS),
    reads(generationEvents.stream, FINISHED_GENERATIONS),
    reads(feedbackEvents.stream, feedbackEvents.filter),
    getsObjects(IMAGE_BUCKET),
  ],
};

/** Services that have rights on NATS. */
export const NATS_SERVICES: readonly string[] = Object.keys(NEEDS);

/** Whether a service creates what the others use. */
export const mayDeclare = (service: string): boolean => NEEDS[service]?.includes(declares) ?? false;

/** The rights of a service. Throws RangeError for one that has none. */
export function permissionsOf(service: string): Permissions {
  const needs = NEEDS[service];
  if (!needs) throw new RangeError(`${service} has no business on NATS`);
  const unique = (of: keyof Permissions): string[] => [...new Set(needs.flatMap((right) => right[of] ?? []))];
  return {
    publish: ['$JS.API.INFO', ...unique('publish')],
    subscribe: [`${inboxPrefix(service)}.>`, ...unique('subscribe')],
  };
}

/**
 * The `authorization` of a nats-server configuration file: one user for each service in `publicKeys`, who proves by its NKey who it
 * is. Public keys are no secrets, so neither is the file.
 */
export function natsConfiguration(publicKeys: Readonly<Record<string, string>>): string {
  const list = (subjects: string[]): string =>
    `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;
  const users = Object.entries(publicKeys).map(([service, nkey]) => {
    if (!/^U[A-Z2-7]{55}$/.test(nkey)) throw new TypeError(`${service}: not the public NKey of a user`);
    const { publish, subscribe } = permissionsOf(service);
    return `    # ${service}\n    { nkey: ${nkey}, permissions: { publish: ${list(publish)}, subscribe: ${list(subscribe)} } }`;
  });
  return `authorization {\n  users: [\n${users.join('\n')}\n  ]\n}\n`;
}
