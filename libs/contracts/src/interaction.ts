/** What an interaction may say: one rule for whoever takes them in and whoever counts them. */
import { durationMs } from '@bufbuild/protobuf/wkt';
import {
  ExperimentVariant,
  type Interaction,
  Rating,
  ReportReason,
} from './gen/atelier/feedback/v1/feedback_pb.ts';
import type { FieldViolation } from './prompt-text.ts';

const ID_LENGTH = 64;
const MAX_IMAGE_INDEX = 7;
const DAY_MS = 86_400_000;
const REASONS: readonly ReportReason[] = Object.values(ReportReason);

/** Every field that is refused, with its limit; none: the interaction is fine. */
export function interactionViolations(interaction: Interaction): FieldViolation[] {
  const { interactionId, generationId, userId, imageIndex, kind } = interaction;
  const aboutUser = kind.case === 'consentChanged';
  return [
    ...refuseUnless(isId(interactionId), 'interaction_id', `must be 1 to ${ID_LENGTH} characters`),
    ...refuseUnless(
      aboutUser ? generationId === '' : isId(generationId),
      'generation_id',
      `must be 1 to ${ID_LENGTH} characters, and empty with consent_changed`,
    ),
    ...refuseUnless(
      aboutUser ? isId(userId) : userId.length <= ID_LENGTH,
      'user_id',
      `must be at most ${ID_LENGTH} characters, and not empty with consent_changed`,
    ),
    ...refuseUnless(imageIndex <= MAX_IMAGE_INDEX, 'image_index', `must be 0 to ${MAX_IMAGE_INDEX}`),
    ...kindViolations(kind),
  ];
}

function kindViolations(kind: Interaction['kind']): FieldViolation[] {
  switch (kind.case) {
    case undefined:
      return refuseUnless(false, 'kind', 'is required');
    case 'viewed': {
      const ms = kind.value.duration ? durationMs(kind.value.duration) : 0;
      return refuseUnless(ms >= 0 && ms <= DAY_MS, 'viewed.duration', 'must be 0 to 24 hours');
    }
    case 'rated':
      return refuseUnless(
        kind.value.rating === Rating.UP || kind.value.rating === Rating.DOWN,
        'rated.rating',
        'must be up or down',
      );
    case 'reported':
      return refuseUnless(
        kind.value.reason !== ReportReason.UNSPECIFIED && REASONS.includes(kind.value.reason),
        'reported.reason',
        'must be a known reason',
      );
    case 'requested': {
      const { experimentId, variant } = kind.value;
      const named = variant === ExperimentVariant.CONTROL || variant === ExperimentVariant.TREATMENT;
      return [
        ...refuseUnless(
          experimentId.length <= ID_LENGTH,
          'requested.experiment_id',
          `must be at most ${ID_LENGTH} characters`,
        ),
        ...refuseUnless(
          experimentId === '' ? variant === ExperimentVariant.UNSPECIFIED : named,
          'requested.variant',
          'goes with experiment_id, and the other way round',
        ),
      ];
    }
    default:
      return [];
  }
}

const isId = (text: string): boolean => text.length >= 1 && text.length <= ID_LENGTH;

const refuseUnless = (ok: boolean, field: string, description: string): FieldViolation[] =>
  ok ? [] : [{ field, description }];
