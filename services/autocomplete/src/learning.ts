/** Learning from accepted generations: those that end with pictures, were not private, and whose prompt is safe for anybody. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Generation, GenerationState } from '@atelier/contracts';
import { connectEvents, FINISHED_GENERATIONS, generationEvents } from '@atelier/events';
import { supportsLanguage } from '@atelier/models';
import { LearnedPrompts, type LearningOptions } from './learned-prompts.ts';
import type { Judge, Suggester } from './suggester.ts';

export interface LearnOptions extends LearningOptions {
  /** NATS servers, "nats://host:port", comma-separated. */
  servers: string;
  /** See EventsOptions. */
  seedFile?: string | undefined;
  /** By lower-case language. */
  suggesters: ReadonlyMap<string, Suggester>;
  judge: (language: string) => Judge;
  /** Ends the learning. */
  signal: AbortSignal;
}

/** Whether others may be offered a generation's prompt. */
export const mayTeach = ({ state, private: isPrivate }: Generation): boolean =>
  state === GenerationState.SUCCEEDED && !isPrivate;

/** Between two tries to reach a server, milliseconds. */
const RETRY_MS = 5_000;

/**
 * Reads what the stream keeps (a day), then follows it, until the signal aborts. A server that is away is waited for: until it comes
 * the suggestions are the bundle's. `onFailure` is told why it waits.
 */
export async function learnFromGenerations(
  options: LearnOptions,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await follow(options);
    } catch (error) {
      onFailure(error);
      await sleep(RETRY_MS, undefined, { signal: options.signal }).catch(() => {});
    }
  }
}

async function follow({
  servers,
  seedFile,
  signal,
  suggesters,
  judge,
  ...limits
}: LearnOptions): Promise<void> {
  const pupils = [...suggesters].map(([language, suggester]) => {
    return { language, suggester, prompts: new LearnedPrompts(limits), judge: judge(language) };
  });
  const events = await connectEvents({ servers, seedFile, name: 'autocomplete' });
  try {
    for await (const { message } of events.readStream(generationEvents, FINISHED_GENERATIONS, { signal })) {
      if (message.what.case !== 'finished' || !mayTeach(message.what.value)) continue;
      const { prompt, language } = message.what.value;
      const pupil = pupils.find((known) => supportsLanguage([known.language], language));
      if (!pupil?.prompts.add(prompt)) continue;
      // A tenant's own thresholds let it pass; for everybody the default ones decide. No answer counts as no.
      if ((await pupil.judge([prompt]))[0]) pupil.suggester.learn(pupil.prompts.popular());
      else pupil.prompts.drop(prompt);
    }
  } finally {
    await events.close();
  }
}
