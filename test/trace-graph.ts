/** The README's picture of a request's journey, as a graph that can fail. */
import { createAtelier } from '@atelier/client';
import { SERVICES } from '@atelier/local-mesh';
import { startTelemetry } from '@atelier/process';
import { readTrace, type Trace } from '@atelier/testkit';
import { trace as otel } from '@opentelemetry/api';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LoggedMesh } from './mesh.ts';

/** Services that a picture passes, and the keystroke before it; not web: this caller speaks gRPC itself. */
const PASSED = SERVICES.map(({ name }) => name).filter((name) => name !== 'web');

/** Draw one picture with a client that traces. */
async function traceOfOneGeneration(mesh: LoggedMesh): Promise<Trace> {
  const { traceFile } = mesh;
  const telemetry = await startTelemetry('client', {
    traceFile,
    traceRatio: 1,
    otlpEndpoint: undefined,
    metricsAddress: undefined,
  });
  const atelier = createAtelier({
    address: mesh.address('orchestrator'),
    autocompleteAddress: mesh.address('autocomplete'),
  });
  const traceId = await otel.getTracer('test').startActiveSpan('journey', async (span) => {
    await atelier.suggest('a boat');
    await atelier.generate({ prompt: 'A boat on an ocean', size: 256, steps: 2, seed: 1 });
    span.end();
    return span.spanContext().traceId;
  });
  atelier.close();
  await telemetry.shutdown();
  const worked = (found: Trace) => found.find('orchestrator', 'process atelier.jobs').length > 0;
  // Each process writes its spans when its own batch is due.
  const whole = (found: Trace) => PASSED.every((name) => found.services.has(name));
  return await readTrace(
    traceFile,
    traceId,
    (found) => worked(found) && whole(found) && found.roots.length === 1,
  );
}

/** Declare the tests; `mesh` is asked for when they run. */
export function describeTrace(mesh: () => LoggedMesh): void {
  describe('the trace of one generation', () => {
    let trace: Trace;

    beforeAll(async () => {
      trace = await traceOfOneGeneration(mesh());
    }, 120_000);

    test('has one root and spans of every service', () => {
      expect(trace.roots.map(({ name }) => name)).toEqual(['journey']);
      expect([...trace.services]).toEqual(expect.arrayContaining(PASSED));
    });

    test('goes from the caller over gRPC to the queue, and over NATS to the worker', () => {
      const [worker] = trace.find('orchestrator', 'process atelier.jobs.generation');
      if (!worker) throw new Error('no worker span');
      const path = trace.path(worker);
      const places = [
        'client: journey',
        'CreateGeneration',
        'orchestrator: atelier.generation.v1.GenerationService/CreateGeneration',
        'orchestrator: publish atelier.jobs.generation',
        'orchestrator: process atelier.jobs.generation',
      ].map((place) => path.findIndex((step) => step.includes(place)));
      expect(
        places.every((place) => place >= 0),
        path.join(' > '),
      ).toBe(true);
      expect(places).toEqual([...places].sort((x, y) => x - y));
    });

    test.each([
      ['prompt-safety', 'ClassifyPrompt', 2],
      ['prompt-enhancement', 'EnhancePrompt', 1],
      ['text-encoder', 'EncodeText', 1],
      ['diffusion', 'GenerateImage', 1],
      ['harm-detection', 'ClassifyImage', 1],
      ['super-resolution', 'UpscaleImage', 1],
    ])('%s answers %s inside the worker, in the stage of its name', (service, method, times) => {
      const served = trace.find(service, method).filter((span) => span.kind === 2);
      const inStage = served.filter((span) => {
        const path = trace.path(span);
        const stage = path.lastIndexOf(`orchestrator: ${service}`);
        const worker = path.indexOf('orchestrator: process atelier.jobs.generation');
        return worker >= 0 && stage > worker;
      });
      expect(inStage).toHaveLength(times);
    });

    test('autocomplete belongs to it too, beside the generation', () => {
      const [suggest] = trace.find('autocomplete', 'SuggestPrompts');
      expect(suggest && trace.path(suggest)[0]).toBe('client: journey');
    });

    test('every child is within its time: no span begins before its parent', () => {
      const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
      for (const span of trace.spans) {
        const parent = byId.get(span.parentSpanId);
        // Two processes of one machine share a clock; its resolution is a millisecond.
        if (parent) expect(span.startMs, span.name).toBeGreaterThanOrEqual(parent.startMs - 1);
      }
    });
  });
}
