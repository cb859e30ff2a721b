/** What people do, taken in as events: over gRPC from other edges, over HTTP from the page. */
import {
  create,
  FeedbackEventSchema,
  type FeedbackService,
  type Interaction,
  InteractionSchema,
  interactionViolations,
  type MessageInitShape,
  timestampNow,
} from '@atelier/contracts';
import { type Events, EventsError, feedbackEvents } from '@atelier/events';
import { invalidArgument, type ServiceImpl, unavailable } from '@atelier/rpc';

/** Stores one interaction; once for each id. Throws RpcError INVALID_ARGUMENT or UNAVAILABLE. */
export type RecordInteraction = (interaction: MessageInitShape<typeof InteractionSchema>) => Promise<void>;

/** When to come back while NATS is away, milliseconds. */
const RETRY_MS = 1_000;

export function interactionRecorder(events: Pick<Events, 'connected' | 'publish'>): RecordInteraction {
  return async (said) => {
    const interaction: Interaction = create(InteractionSchema, said);
    const violations = interactionViolations(interaction);
    if (violations.length > 0)
      throw invalidArgument(
        violations.map(({ field, description }) => ({ field: `interaction.${field}`, description })),
      );
    if (!events.connected) throw away();
    const event = create(FeedbackEventSchema, { interaction, receiveTime: timestampNow() });
    try {
      await events.publish(feedbackEvents, event);
    } catch (error) {
      throw error instanceof EventsError ? away(error) : error;
    }
  };
}

const away = (cause?: unknown) =>
  unavailable('events can not be stored', { retryAfterMs: RETRY_MS, reason: 'EVENTS_UNAVAILABLE', cause });

/** FeedbackService over gRPC. */
export function feedbackService(record: RecordInteraction): ServiceImpl<typeof FeedbackService> {
  return {
    async recordInteraction({ interaction }) {
      if (!interaction) throw invalidArgument([{ field: 'interaction', description: 'is required' }]);
      await record(interaction);
      return {};
    },
  };
}
