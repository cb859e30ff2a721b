/** OpenTelemetry of a process: spans to a file or collector, metrics for Prometheus, W3C propagation. Only what is asked for is loaded. */
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ProcessConfig } from './process-config.ts';

export interface Telemetry {
  /** Sends what is waiting to be sent. */
  flush(): Promise<void>;
  /** Flushes and ends. */
  shutdown(): Promise<void>;
}

type TelemetryConfig = Pick<ProcessConfig, 'traceFile' | 'traceRatio' | 'otlpEndpoint' | 'metricsAddress'>;

/** Whoever reads the file waits for it: the command prints a trace as soon as its generation ends. */
const fileDelayMs = 100;

/**
 * Starts telemetry for the whole process, once. `service` becomes the resource attribute service.name; `healthy` says what
 * /healthz at the metrics address answers.
 * @throws Error when the metrics address can't be listened on.
 */
export async function startTelemetry(
  service: string,
  config: TelemetryConfig,
  healthy: () => boolean = () => true,
): Promise<Telemetry> {
  const resource = resourceFromAttributes({
    'service.namespace': 'atelier',
    'service.name': service,
    'process.pid': process.pid,
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  const spanProcessors: SpanProcessor[] = [];
  if (config.traceFile !== undefined) {
    const { spanFileExporter } = await import('./span-file-exporter.ts');
    const exporter = spanFileExporter(config.traceFile);
    spanProcessors.push(new BatchSpanProcessor({ exporter, scheduledDelayMillis: fileDelayMs }));
  }
  if (config.otlpEndpoint !== undefined) {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
    const exporter = new OTLPTraceExporter({ url: `${config.otlpEndpoint.replace(/\/$/, '')}/v1/traces` });
    spanProcessors.push(new BatchSpanProcessor({ exporter }));
  }
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.traceRatio) });
  const tracerProvider = new TracerProvider({ resource, sampler, spanProcessors });
  trace.setGlobalTracerProvider(tracerProvider);

  const stopMetrics =
    config.metricsAddress === undefined
      ? undefined
      : await startMetrics(config.metricsAddress, resource, healthy);

  return {
    flush: () => tracerProvider.forceFlush(),
    async shutdown() {
      await Promise.allSettled([tracerProvider.shutdown(), stopMetrics?.()]);
    },
  };
}

/** @returns what ends them. */
async function startMetrics(
  address: string,
  resource: Resource,
  healthy: () => boolean,
): Promise<() => Promise<void>> {
  const [{ serveMetrics }, { MeterProvider }] = await Promise.all([
    import('./metrics-endpoint.ts'),
    import('@opentelemetry/sdk-metrics'),
  ]);
  const endpoint = await serveMetrics(address, healthy);
  const provider = new MeterProvider({ resource, readers: [endpoint.reader] });
  metrics.setGlobalMeterProvider(provider);
  return async () => {
    await provider.shutdown().catch(() => {});
    await endpoint.close();
  };
}
