/** Everybody takes part in an experiment while insights can tell their side. */
import { ExperimentVariant } from '@atelier/contracts';
import { connectEvents, feedbackEvents } from '@atelier/events';
import { unavailable } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import { expect, it } from 'vitest';
import { useWeb } from '../web.fixture.ts';
import type { GenerationJson } from './schemas.ts';

const on = useWeb({ ATELIER_WEB_EXPERIMENT: 'faster' });

const ask = async () => {
  const { body } = await on.call('POST', '/api/generations', { body: { prompt: 'A boat', size: 64 } });
  return (body as GenerationJson).id;
};

it('draws with the profile of one’s side, and says the side', async () => {
  const users: string[] = [];
  on.mesh.behaviour.profileOf = (user) => {
    users.push(user);
    return 'turbo';
  };
  const id = await ask();
  expect(users).toEqual([expect.stringMatching(/^web-[0-9a-f]{32}$/)]);
  expect(on.mesh.behaviour.created.at(-1)?.options?.profile).toBe('turbo');
  expect(await requestedOf(id)).toMatchObject({
    experimentId: 'faster',
    variant: ExperimentVariant.TREATMENT,
  });
});

it('costs nobody a picture while insights is away', async () => {
  on.mesh.behaviour.profileOf = () => {
    throw unavailable('insights is away');
  };
  const began = performance.now();
  const id = await ask();
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(on.mesh.behaviour.created.at(-1)?.options).toBeUndefined();
  expect(await requestedOf(id)).toMatchObject({ experimentId: '', variant: 0 });
});

/** What is told of a generation's request. */
async function requestedOf(generation: string) {
  const events = await connectEvents({ servers: on.nats.url, name: 'test' });
  const stop = new AbortController();
  let found: unknown;
  const reading = (async () => {
    const { signal } = stop;
    for await (const { message } of events.readStream(feedbackEvents, feedbackEvents.filter, { signal }))
      if (message.interaction?.generationId === generation) found = message.interaction.kind.value;
  })();
  await eventually('the request', () => found !== undefined);
  stop.abort();
  await reading;
  await events.close();
  return found;
}
