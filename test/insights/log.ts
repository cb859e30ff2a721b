/** A made-up log of the mesh's events, as it might come: late, twice, out of order, some of it broken. Seeded. */
import {
  create,
  ExperimentVariant,
  FeedbackEventSchema,
  GenerationEventSchema,
  GenerationState,
  type InteractionSchema,
  type MessageInitShape,
  Rating,
  ReportReason,
  timestampFromMs,
  toBinary,
} from '@atelier/contracts';

/** An event as bytes, on its subject. */
export interface LoggedEvent {
  subject: string;
  payload: Uint8Array;
}

type Kind = Exclude<MessageInitShape<typeof InteractionSchema>['kind'], undefined>;

const START_MS = Date.UTC(2026, 8, 20);
const DAY_MS = 86_400_000;
/** Long enough for the log to lie in four months. */
const DAYS = 75;
/** Mean events a generation has; what decides how many generations a log of a length has. */
const EVENTS_A_GENERATION = 9;
const STAGES = ['queue', 'prompt-safety', 'text-encoder', 'diffusion', 'super-resolution', 'store'];
const SHA = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
const STATES = [GenerationState.FAILED, GenerationState.BLOCKED, GenerationState.CANCELLED];

/** mulberry32: uniform in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` events in the order in which they arrive: of every hundred some 3 arrive twice, 5 late, the others shuffled. */
export function makeLog(length: number, seed: number): LoggedEvent[] {
  const random = randomNumbers(seed);
  const arrivals: { at: number; event: LoggedEvent }[] = [];
  const arrive = (event: LoggedEvent): void => {
    const late = random() < 0.05;
    arrivals.push({ at: arrivals.length + random() * (late ? length : 2_000), event });
    if (random() < 0.03) arrivals.push({ at: arrivals.length + random() * length, event });
  };
  const generations = Math.max(1, Math.floor(length / EVENTS_A_GENERATION));
  for (let index = 0; arrivals.length < length; index++)
    for (const event of sessionOf(
      index,
      START_MS + ((index % generations) / generations) * DAYS * DAY_MS,
      random,
    ))
      arrive(event);
  arrivals.length = length;
  return arrivals.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

/** One generation and what becomes of it. */
function* sessionOf(index: number, beganMs: number, random: () => number): Generator<LoggedEvent> {
  const chance = (probability: number): boolean => random() < probability;
  const generationId = `g${index}`;
  const user = Math.floor(random() ** 2 * 4_000);
  const userId = chance(0.05) ? '' : `u${user}`;
  const images = 1 + Math.floor(random() * 4);
  const version = user % 2;
  if (chance(0.98)) yield generationEvent(generationId, beganMs, images, chance(0.03) ? 2 : version, random);
  let count = 0;
  const interaction = (imageIndex: number, kind: Kind, more: { generationId?: string } = {}): LoggedEvent => {
    count += 1;
    const receiveMs = Math.floor(beganMs + count * 1_000 * (1 + random() * 20));
    const clock = random();
    return feedbackEvent(
      {
        interactionId: `${generationId}.${count}`,
        generationId,
        imageIndex,
        userId,
        kind,
        // Clocks that are right, absent, behind, and ahead beyond belief.
        ...(clock < 0.8 && { occurTime: timestampFromMs(receiveMs - Math.floor(random() * 3_000)) }),
        ...(clock > 0.9 && clock < 0.99 && { occurTime: timestampFromMs(receiveMs - 3_600_000) }),
        ...(clock > 0.99 && { occurTime: timestampFromMs(receiveMs + 9_000_000) }),
        ...more,
      },
      receiveMs,
    );
  };
  yield interaction(0, {
    case: 'requested',
    value: {
      learningConsent: chance(0.6),
      ...(userId !== '' && {
        experimentId: 'e1',
        variant: version === 0 ? ExperimentVariant.CONTROL : ExperimentVariant.TREATMENT,
      }),
    },
  });
  for (let image = 0; image < images; image++) {
    if (chance(0.97)) yield interaction(image, { case: 'shown', value: {} });
    if (chance(0.2 + 0.05 * version)) yield interaction(image, { case: 'clicked', value: {} });
    while (chance(0.4))
      yield interaction(image, {
        case: 'viewed',
        value: {
          duration: { seconds: BigInt(Math.floor(random() * 90)), nanos: Math.floor(random() * 1e9) },
        },
      });
    while (chance(0.15))
      yield interaction(image, { case: 'rated', value: { rating: chance(0.7) ? Rating.UP : Rating.DOWN } });
    if (chance(0.08)) yield interaction(image, { case: 'downloaded', value: {} });
    if (chance(0.03))
      yield interaction(image, {
        case: 'converted',
        value: { valueMicros: BigInt(Math.floor(random() * 5e6)) },
      });
    if (chance(0.005))
      yield interaction(image, { case: 'reported', value: { reason: ReportReason.HARMFUL } });
  }
  if (chance(0.01) && userId !== '')
    yield interaction(0, { case: 'consentChanged', value: { granted: chance(0.3) } }, { generationId: '' });
  if (chance(0.01)) yield interaction(0, { case: 'rated', value: { rating: Rating.UNSPECIFIED } });
}

function feedbackEvent(
  interaction: MessageInitShape<typeof InteractionSchema>,
  receiveMs: number,
): LoggedEvent {
  const message = create(FeedbackEventSchema, { interaction, receiveTime: timestampFromMs(receiveMs) });
  const kind = (message.interaction?.kind.case ?? '').replace(
    /[A-Z]/g,
    (letter) => `-${letter.toLowerCase()}`,
  );
  return {
    subject: `atelier.events.feedback.${kind}`,
    payload: toBinary(FeedbackEventSchema, message),
  };
}

function generationEvent(
  id: string,
  createMs: number,
  images: number,
  version: number,
  random: () => number,
): LoggedEvent {
  const failed = random() < 0.08;
  const stages = STAGES.map((name) => ({
    name,
    durationMs: random() * (name === 'diffusion' ? 3_000 : 200),
  }));
  const tookMs = Math.floor(stages.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const message = create(GenerationEventSchema, {
    generationId: id,
    sequence: 1n,
    what: {
      case: 'finished',
      value: {
        id,
        state: failed
          ? (STATES[Math.floor(random() * STATES.length)] as GenerationState)
          : GenerationState.SUCCEEDED,
        ...(!failed && {
          result: { case: 'images', value: { images: Array.from({ length: images }, () => ({})) } },
        }),
        stages,
        modelVersions: [
          { name: 'starter/text_encoder', version: '1.0.0', sha256: SHA[0] as string },
          ...(version < 2
            ? [{ name: 'starter/denoiser', version: `1.${version}.0`, sha256: SHA[version] as string }]
            : []),
        ],
        createTime: timestampFromMs(Math.floor(createMs)),
        endTime: timestampFromMs(Math.floor(createMs) + tookMs),
      },
    },
  });
  return {
    subject: `atelier.events.generation.${id}.finished`,
    payload: toBinary(GenerationEventSchema, message),
  };
}
