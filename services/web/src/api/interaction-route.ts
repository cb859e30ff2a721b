/** What people do with their pictures, from the page to the events. */
import {
  durationFromMs,
  type InteractionSchema,
  type MessageInitShape,
  Rating,
  ReportReason,
  timestampFromDate,
} from '@atelier/contracts';
import { type Route, route } from '../http/route.ts';
import type { Mesh } from './mesh.ts';
import { InteractionBody, type InteractionJson } from './schemas.ts';

type Interaction = MessageInitShape<typeof InteractionSchema>;

const MAX_BODY_BYTES = 4_096;
const RATINGS = { up: Rating.UP, down: Rating.DOWN } as const;
const REASONS = {
  harmful: ReportReason.HARMFUL,
  person: ReportReason.PERSON,
  copy: ReportReason.COPY,
  other: ReportReason.OTHER,
} as const;

export function interactionRoute({ record }: Pick<Mesh, 'record'>): Route {
  return route({
    method: 'POST',
    path: '/api/interactions',
    name: 'recordInteraction',
    summary: 'Say that a picture was shown, opened, looked at, rated, downloaded or reported',
    body: { schema: InteractionBody, maxBytes: MAX_BODY_BYTES },
    answers: { 204: { description: 'Stored' } },
    async handle({ body, identity }) {
      await record({ ...interactionOf(body), userId: identity.user });
      return { status: 204 };
    },
  });
}

function interactionOf(said: InteractionJson): Interaction {
  return {
    interactionId: said.id,
    ...(said.kind !== 'consentChanged' && {
      generationId: said.generationId,
      imageIndex: said.imageIndex ?? 0,
    }),
    ...(said.occurTime !== undefined && { occurTime: timestampFromDate(new Date(said.occurTime)) }),
    kind: kindOf(said),
  };
}

function kindOf(said: InteractionJson): NonNullable<Interaction['kind']> {
  switch (said.kind) {
    case 'viewed':
      return { case: said.kind, value: { duration: durationFromMs(said.durationMs) } };
    case 'rated':
      return { case: said.kind, value: { rating: RATINGS[said.rating] } };
    case 'reported':
      return { case: said.kind, value: { reason: REASONS[said.reason] } };
    case 'consentChanged':
      return { case: said.kind, value: { granted: said.granted } };
    default:
      return { case: said.kind, value: {} };
  }
}
