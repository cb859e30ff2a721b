/** Events as rows: integers (microseconds, billionths), so that what is summed is exact whatever its order. Pure. */
import {
  type FeedbackEvent,
  type Generation,
  type GenerationEvent,
  GenerationState,
  type Interaction,
  interactionViolations,
  Rating,
} from '@atelier/contracts';
import { costNanos, type Prices } from './prices.ts';

export interface InteractionRow {
  interactionId: string;
  /** Name of the set field: "shown", "consentChanged", … */
  kind: string;
  generationId: string;
  imageIndex: number;
  userId: string;
  /** When it happened, microseconds since 1970. */
  occurUs: bigint;
  receiveUs: bigint;
  /** Of `viewed`, else 0. */
  viewedUs: bigint;
  /** Of `rated`: 1 up, −1 down; else 0. */
  rating: number;
  /** Of `converted`, else 0. */
  valueMicros: bigint;
  /** Of `requested` and `consentChanged`, else false. */
  consent: boolean;
  experimentId: string;
  /** ExperimentVariant. */
  variant: number;
}

export interface GenerationRow {
  generationId: string;
  /** "succeeded", "failed", "blocked" or "cancelled". */
  state: string;
  modelName: string;
  modelVersion: string;
  modelSha256: string;
  private: boolean;
  images: number;
  createUs: bigint;
  endUs: bigint;
  costNanos: bigint;
  /** Microseconds by stage, those of one name together. */
  stages: ReadonlyMap<string, bigint>;
}

/** How far a client's clock may be ahead before what it says is not believed, microseconds. */
const CLOCK_SKEW_US = 300_000_000n;

/** The row of an interaction; null for one that breaks the contract or was never received. */
export function interactionRow({ interaction, receiveTime }: FeedbackEvent): InteractionRow | null {
  if (!interaction || !receiveTime || interactionViolations(interaction).length > 0) return null;
  const receiveUs = microseconds(receiveTime);
  const told = interaction.occurTime ? microseconds(interaction.occurTime) : receiveUs;
  const { interactionId, generationId, imageIndex, userId } = interaction;
  return {
    interactionId,
    kind: interaction.kind.case ?? '',
    generationId,
    imageIndex,
    userId,
    occurUs: told > receiveUs + CLOCK_SKEW_US ? receiveUs : told,
    receiveUs,
    ...detailsOf(interaction.kind),
  };
}

type Details = Pick<
  InteractionRow,
  'viewedUs' | 'rating' | 'valueMicros' | 'consent' | 'experimentId' | 'variant'
>;

function detailsOf(kind: Interaction['kind']): Details {
  const none: Details = {
    viewedUs: 0n,
    rating: 0,
    valueMicros: 0n,
    consent: false,
    experimentId: '',
    variant: 0,
  };
  switch (kind.case) {
    case 'viewed':
      return { ...none, viewedUs: kind.value.duration ? microseconds(kind.value.duration) : 0n };
    case 'rated':
      return { ...none, rating: kind.value.rating === Rating.UP ? 1 : -1 };
    case 'converted':
      return { ...none, valueMicros: kind.value.valueMicros };
    case 'consentChanged':
      return { ...none, consent: kind.value.granted };
    case 'requested': {
      const { learningConsent: consent, experimentId, variant } = kind.value;
      return { ...none, consent, experimentId, variant };
    }
    default:
      return none;
  }
}

const STATES: Partial<Record<GenerationState, string>> = {
  [GenerationState.SUCCEEDED]: 'succeeded',
  [GenerationState.FAILED]: 'failed',
  [GenerationState.BLOCKED]: 'blocked',
  [GenerationState.CANCELLED]: 'cancelled',
};

/** The row of a generation's end; null for another event, and for an end without its times. Holds no prompt. */
export function generationRow({ what }: GenerationEvent, role: string, prices: Prices): GenerationRow | null {
  if (what.case !== 'finished') return null;
  const { id, state, createTime, endTime, result, modelVersions, private: kept } = what.value;
  const name = STATES[state];
  if (id === '' || !name || !createTime || !endTime) return null;
  const model = modelVersions.find((version) => version.name.endsWith(`/${role}`));
  const stages = stageTimes(what.value);
  return {
    generationId: id,
    state: name,
    modelName: model?.name ?? '',
    modelVersion: model?.version ?? '',
    modelSha256: model?.sha256 ?? '',
    private: kept,
    images: result.case === 'images' ? result.value.images.length : 0,
    createUs: microseconds(createTime),
    endUs: microseconds(endTime),
    costNanos: costNanos(stages, prices),
    stages,
  };
}

function stageTimes({ stages }: Generation): Map<string, bigint> {
  const times = new Map<string, bigint>();
  for (const { name, durationMs } of stages) {
    if (durationMs === undefined || !(durationMs >= 0)) continue;
    times.set(name, (times.get(name) ?? 0n) + BigInt(Math.round(durationMs * 1_000)));
  }
  return times;
}

/** A protobuf Timestamp or Duration in microseconds, rounded down. */
const microseconds = ({ seconds, nanos }: { seconds: bigint; nanos: number }): bigint =>
  seconds * 1_000_000n + BigInt(Math.floor(nanos / 1_000));
