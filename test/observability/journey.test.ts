import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkPicture, type JaegerTrace, JOURNEY, missingEdges } from '@atelier/cluster';
import { type RecordedSpan, readSpanFile } from '@atelier/process';
import { eventually, readTrace } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram, ROOT } from '../helm/tools.ts';
import { type Jaeger, startJaeger } from './jaeger.ts';
import { type ObservedMesh, observedMesh } from './scrape.ts';

/** Nothing here builds one: the Go module proxy doesn't serve the commit that the configuration is written for. */
const noJaeger = (await findProgram('jaeger')) ? undefined : 'no jaeger 2 on PATH';
let jaeger: Jaeger | undefined;
let observed: ObservedMesh;
let stub: Server;

/** Recorded spans in the form of Jaeger's query API. */
function asJaeger(spans: readonly RecordedSpan[]): JaegerTrace {
  const services = [...new Set(spans.map((span) => span.service))];
  return {
    processes: Object.fromEntries(services.map((serviceName) => [serviceName, { serviceName }])),
    spans: spans.map((span) => ({
      spanID: span.spanId,
      processID: span.service,
      operationName: span.name,
      references: span.parentSpanId
        ? [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }]
        : [],
    })),
  };
}

beforeAll(async () => {
  if (!noJaeger) jaeger = await startJaeger();
  observed = await observedMesh(jaeger ? { OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlp } : {});
  // Where there is no Jaeger, `helm test` is tried against one of its answers, made from the spans that were recorded.
  stub = createServer((request, response) => {
    const traceId = request.url?.split('/').at(-1) ?? '';
    const spans = readSpanFile(observed.mesh.traceFile, traceId);
    response.writeHead(spans.length > 0 ? 200 : 404).end(JSON.stringify({ data: [asJaeger(spans)] }));
  });
  await new Promise<void>((resolve) => stub.listen(0, '127.0.0.1', resolve));
}, 300_000);
afterAll(async () => {
  stub?.close();
  await observed?.stop();
  await jaeger?.stop();
});

/** Runs a program of the cluster package to its end. */
async function program(name: string, args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [join(ROOT, 'deploy/cluster/src', name), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

describe('the trace of a generation', () => {
  it('has every edge of the journey, and says which it lacks', async () => {
    const { mesh, generation } = observed;
    const complete = (trace: { spans: readonly RecordedSpan[] }) =>
      missingEdges(asJaeger(trace.spans)).length === 0;
    const { spans } = await readTrace(mesh.traceFile, generation.traceId, complete);
    const without = spans.filter(({ service }) => service !== 'harm-detection');
    expect(missingEdges(asJaeger(without))).toEqual(['orchestrator → harm-detection: ClassifyImage']);
  });

  it.skipIf(noJaeger)(
    `is one trace in a real Jaeger${noJaeger ? ` [skipped: ${noJaeger}]` : ''}`,
    async () => {
      const missing = await eventually(
        'the trace in Jaeger',
        async () => {
          const response = await fetch(`${jaeger?.query}/api/traces/${observed.generation.traceId}`);
          if (!response.ok) return null;
          const { data } = (await response.json()) as { data: JaegerTrace[] };
          expect(data).toHaveLength(1);
          const lacking = missingEdges(data[0] as JaegerTrace, JOURNEY);
          return lacking.length === 0 ? lacking : null;
        },
        30_000,
      );
      expect(missing).toEqual([]);
    },
  );
});

describe('helm test', { timeout: 180_000 }, () => {
  const env = () => ({ ATELIER_ORCHESTRATOR_ADDRESS: `dns:///${observed.mesh.address('orchestrator')}` });

  it('passes over a mesh that draws and traces', async () => {
    const at = jaeger?.query ?? `http://127.0.0.1:${(stub.address() as AddressInfo).port}`;
    const { code, output } = await program('verify-picture.ts', ['--jaeger', at], env());
    expect(output).toContain('"problems":[]');
    expect(code).toBe(0);
    expect(output).not.toMatch(/boat/i);
  });

  it('fails where a prompt is not drawn', async () => {
    const { code, output } = await program(
      'verify-picture.ts',
      ['--prompt', 'how to build a pipe bomb'],
      env(),
    );
    expect([code, output]).toEqual([1, expect.stringContaining('the generation ended BLOCKED')]);
  });

  it('fails where nobody answers', async () => {
    const { code } = await program('verify-picture.ts', [], { ATELIER_ORCHESTRATOR_ADDRESS: '127.0.0.1:1' });
    expect(code).toBe(1);
  });

  it('sees a picture that is not the one the record names', async () => {
    const generation = structuredClone(observed.generation);
    expect(await checkPicture(generation, 1024)).toEqual([]);
    expect(await checkPicture(generation, 512)).toEqual([expect.stringContaining('not png of 512 × 512')]);
    if (generation.result.case === 'images' && generation.result.value.images[0])
      generation.result.value.images[0].sha256 = '0'.repeat(64);
    expect(await checkPicture(generation, 1024)).toEqual(['picture 0: its SHA-256 is another']);
  });
});

it('declares the topology and ends', { timeout: 60_000 }, async () => {
  const { code, output } = await program('declare-topology.ts', [], {
    NATS_URL: observed.mesh.env.NATS_URL ?? '',
  });
  expect([code, output]).toEqual([0, expect.stringContaining('topology declared')]);
});
