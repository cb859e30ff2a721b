/** The platform's own pictures as input: finished generations with their prompts, and what people did with them. */
import type { FeedbackEvent, Generation } from '@atelier/contracts';
import { Rating } from '@atelier/contracts';
import {
  connectEvents,
  type Events,
  FINISHED_GENERATIONS,
  feedbackEvents,
  generationEvents,
} from '@atelier/events';
import { config } from '../config.ts';
import { Refused } from '../image/decode.ts';
import type { Feedback, ItemRef } from './item.ts';
import { plain } from './sidecar.ts';

export const isEvents = (input: string): boolean => input.startsWith('nats://');

/** What the streams hold now, oldest generation first. Throws EventsError. */
export async function readPlatform(servers: string): Promise<ItemRef[]> {
  const events = await connectEvents({
    servers,
    seedFile: config.load(process.env).natsSeedFile,
    name: 'data-pipeline-input',
  });
  try {
    const generations: Generation[] = [];
    for await (const { message } of events.readStream(generationEvents, FINISHED_GENERATIONS, {
      untilCaughtUp: true,
    }))
      if (message.what.case === 'finished') generations.push(message.what.value);
    const feedback: FeedbackEvent[] = [];
    for await (const { message } of events.readStream(feedbackEvents, feedbackEvents.filter, {
      untilCaughtUp: true,
    }))
      feedback.push(message);
    return itemsOf(generations, feedback);
  } finally {
    await events.close();
  }
}

/** An item for each picture that may be learnt from: not withheld, not private. The prompt that was drawn is its caption. */
export function itemsOf(
  generations: readonly Generation[],
  interactions: readonly FeedbackEvent[],
): ItemRef[] {
  const feedback = countFeedback(interactions);
  const finished = new Map(generations.map((generation) => [generation.id, generation]));
  return [...finished.values()].flatMap(({ id, private: kept, prompt, enhancedPrompt, result }) => {
    if (kept || result.case !== 'images') return [];
    return result.value.images.flatMap(({ content }, index): ItemRef[] => {
      const source = `generation/${id}#${index}`;
      const known = feedback.get(source);
      if (content.case !== 'uri') return [];
      return [
        {
          source,
          image: { kind: 'object', uri: content.value },
          captions: [plain(enhancedPrompt?.prompt || prompt)],
          ...(known && { feedback: known }),
        },
      ];
    });
  });
}

function countFeedback(interactions: readonly FeedbackEvent[]): Map<string, Feedback> {
  const counts = new Map<string, Feedback>();
  for (const { interaction } of interactions) {
    if (!interaction) continue;
    const source = `generation/${interaction.generationId}#${interaction.imageIndex}`;
    const count = counts.get(source) ?? { shown: 0, clicked: 0, downloaded: 0, converted: 0, up: 0, down: 0 };
    counts.set(source, count);
    const { case: kind, value } = interaction.kind;
    if (kind === 'rated') count[value.rating === Rating.UP ? 'up' : 'down'] += 1;
    else if (kind && kind in count) count[kind as keyof Feedback] += 1;
  }
  return counts;
}

/** Reads pictures of the platform's object store. */
export interface ObjectReader {
  /** @throws Refused `fetch_failed` for a picture that is gone. */
  read(uri: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Connects when the first picture is asked for. */
export function createObjectReader(servers: string): ObjectReader {
  let connecting: Promise<Events> | undefined;
  return {
    async read(uri) {
      connecting ??= connectEvents({
        servers,
        seedFile: config.load(process.env).natsSeedFile,
        name: 'data-pipeline-pictures',
      });
      const bytes = await (await connecting).images.get(uri);
      if (!bytes) throw new Refused('fetch_failed', 'gone from the object store');
      return Buffer.from(bytes);
    },
    async close() {
      await (await connecting?.catch(() => undefined))?.close();
    },
  };
}
