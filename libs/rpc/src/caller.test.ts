import { Metadata } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { callerMetadata, callerOf } from './caller.ts';
import { serveStream } from './loopback.fixture.ts';

test('the caller named in the metadata arrives at the handler', async () => {
  const seen: unknown[] = [];
  const loopback = await serveStream(async function* (_request, call) {
    seen.push(callerOf(call.metadata));
    yield { event: { case: 'step', value: { step: 1, steps: 1 } } };
  });
  const metadata = callerMetadata({ name: 'studio', priority: 'interactive' });
  for await (const _ of loopback.client.generateImage({}, { metadata }));
  for await (const _ of loopback.client.generateImage({}));
  await loopback.stop();
  expect(seen).toEqual([
    { name: 'studio', priority: 'interactive' },
    { name: 'default', priority: 'standard' },
  ]);
});

test.each(['', 'with space', 'x'.repeat(65), '../etc'])('a name like "%s" counts as the default', (name) => {
  const metadata = new Metadata();
  metadata.set('atelier-caller', name);
  metadata.set('atelier-priority', 'royal');
  expect(callerOf(metadata)).toEqual({ name: 'default', priority: 'standard' });
});
