/** A real Jaeger, all in one, with its storage in memory. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startChild } from '@atelier/local-mesh';
import { eventually } from '@atelier/testkit';
import { stringify } from 'yaml';
import { findProgram } from '../helm/tools.ts';

export interface Jaeger {
  /** Where spans go, OTLP/HTTP. */
  otlp: string;
  /** Query API and page. */
  query: string;
  stop(): Promise<void>;
}

export async function startJaeger(): Promise<Jaeger> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-jaeger-'));
  const [otlp, query, grpc] = (await Promise.all(
    [0, 1, 2].map(async () => `127.0.0.1:${await freePort()}`),
  )) as [string, string, string];
  const config = {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' } },
    },
    extensions: {
      jaeger_query: { storage: { traces: 'memory' }, http: { endpoint: query }, grpc: { endpoint: grpc } },
      jaeger_storage: { backends: { memory: { memory: { max_traces: 10_000 } } } },
    },
    receivers: { otlp: { protocols: { http: { endpoint: otlp } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
  };
  await writeFile(join(folder, 'jaeger.yaml'), stringify(config));
  const child = startChild({
    command: (await findProgram('jaeger')) as string,
    args: ['--config', join(folder, 'jaeger.yaml')],
    cwd: folder,
    env: process.env,
  });
  const jaeger = {
    otlp: `http://${otlp}`,
    query: `http://${query}`,
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await eventually(
      'Jaeger answers',
      async () => ((await fetch(`${jaeger.query}/api/services`).catch(() => null))?.ok ? true : null),
      60_000,
    );
    return jaeger;
  } catch (error) {
    await jaeger.stop();
    throw error;
  }
}
