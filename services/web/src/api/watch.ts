/** Following a generation as server-sent events, resumable by Last-Event-ID. */
import type { NumberedWatchEvent, WatchEvent } from '@atelier/client';
import { Code, notFound, RpcError } from '@atelier/rpc';
import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import type { Mesh } from './mesh.ts';
import { GenerationId, type WatchEventJson } from './schemas.ts';
import { viewOf } from './view.ts';

/** What clients wait before they resume, milliseconds. */
const RETRY_MS = 1_000;
const UINT64 = /^\d{1,19}$/;

export function watchRoute({ atelier }: Pick<Mesh, 'atelier'>): Route {
  return route({
    method: 'GET',
    path: '/api/generations/:id/events',
    name: 'watchGeneration',
    summary: 'Follow a generation: a snapshot, then what happens, then exactly one `finished`',
    params: z.object({ id: GenerationId }),
    answers: {
      200: {
        description:
          'Server-sent events named snapshot, stageStarted, stageFinished, progress, preview, finished; data is JSON, ids are ' +
          'sequence numbers: the header Last-Event-ID resumes behind one.',
        type: 'text/event-stream',
      },
    },
    async handle({ params, signal, shutdown, lastEventId = '' }) {
      const stop = AbortSignal.any([signal, shutdown]);
      const afterSequence = UINT64.test(lastEventId) ? BigInt(lastEventId) : 0n;
      const watch = atelier.watch(params.id, { afterSequence, signal: stop })[Symbol.asyncIterator]();
      // Read before the head of the answer goes out, so that an unknown id is a 404 and no stream.
      const first = await watch.next();
      if (first.done) throw notFound(`there is no generation ${params.id}`, 'GENERATION_NOT_FOUND');
      return {
        status: 200,
        headers: {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        },
        body: stream(first.value, watch),
        heartbeat: ':\n\n',
      };
    },
  });
}

async function* stream(
  first: NumberedWatchEvent,
  rest: AsyncIterator<NumberedWatchEvent>,
): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n${frame(first)}`;
  try {
    for await (const event of { [Symbol.asyncIterator]: () => rest }) yield frame(event);
  } catch (error) {
    // The client has gone, or this replica ends, or the mesh is away: ending the stream makes clients resume.
    const { code } = RpcError.from(error);
    if (code !== Code.CANCELLED && code !== Code.UNAVAILABLE) throw error;
  }
}

function frame(event: NumberedWatchEvent): string {
  return `id: ${event.sequence}\nevent: ${event.case}\ndata: ${JSON.stringify(dataOf(event))}\n\n`;
}

function dataOf(event: WatchEvent): WatchEventJson[keyof WatchEventJson] {
  switch (event.case) {
    case 'snapshot':
    case 'finished':
      return viewOf(event.value);
    case 'preview': {
      const { image, imageIndex, step } = event.value;
      return { png: Buffer.from(image?.data ?? []).toString('base64'), imageIndex, step };
    }
    case 'progress':
      return { step: event.value.step, steps: event.value.steps, imageIndex: event.value.imageIndex };
    case 'stageStarted':
      return { name: event.value.name };
    case 'stageFinished':
      return { name: event.value.name, durationMs: event.value.durationMs };
  }
}
