import { setTimeout as sleep } from 'node:timers/promises';
import { create, GenerationEventSchema, GenerationState } from '@atelier/contracts';
import { connectEvents, type Events, generationEvents } from '@atelier/events';
import { type NatsServer, startNats } from '@atelier/local-mesh';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSuggester } from './language.ts';
import { learnFromGenerations } from './learning.ts';
import { fromNgrams } from './next-words.ts';
import { NgramModel } from './ngram.ts';

const UNSAFE = 'a green whale of horror';

let nats: NatsServer;
let events: Events;
let made = 0;

interface Ending {
  prompt: string;
  state?: GenerationState;
  isPrivate?: boolean;
}

async function finish({
  prompt,
  state = GenerationState.SUCCEEDED,
  isPrivate = false,
}: Ending): Promise<void> {
  for (let time = 0; time < 3; time++) {
    const id = `generation-${made++}`;
    const generation = { id, prompt, language: 'en', state, private: isPrivate };
    const event = { generationId: id, sequence: 1n, what: { case: 'finished' as const, value: generation } };
    await events.publish(generationEvents, create(GenerationEventSchema, event));
  }
}

beforeAll(async () => {
  nats = await startNats();
  events = await connectEvents({ servers: nats.url, name: 'test' });
}, 120_000);

afterAll(async () => {
  await events?.close();
  await nats?.stop();
});

describe('learnFromGenerations', () => {
  it('offers what succeeded before and since, and nothing private, blocked or unsafe', async () => {
    const ngrams = NgramModel.learn([]);
    const judge = async (texts: readonly string[]) => texts.map((text) => text !== UNSAFE);
    const suggester = buildSuggester({
      prompts: [],
      ngrams,
      words: ngrams.wordCounts(),
      next: fromNgrams(ngrams),
      judge,
    });
    const texts = async () => (await suggester.suggest('A green', 9)).map(({ text }) => text);
    await finish({ prompt: 'a green whale in a bottle' });
    await finish({ prompt: 'a green secret', isPrivate: true });
    await finish({ prompt: 'a green crime', state: GenerationState.BLOCKED });
    await finish({ prompt: UNSAFE });
    const stop = new AbortController();
    const learning = learnFromGenerations(
      {
        servers: nats.url,
        suggesters: new Map([['en', suggester]]),
        judge: () => judge,
        signal: stop.signal,
        minTimes: 3,
        maxPrompts: 100,
      },
      () => {},
    );
    await finish({ prompt: 'a green lighthouse' });
    for (let i = 0; i < 1000 && (await texts()).length < 2; i++) await sleep(20);
    expect((await texts()).sort()).toEqual(['A green lighthouse', 'A green whale in a bottle']);
    stop.abort();
    await learning;
  }, 60_000);
});
