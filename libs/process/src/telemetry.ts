/** OpenTelemetry of a process: spans to a file or collector, metrics for Prometheus, W3C propagation. */
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { serveMetrics } from './metrics-endpoint.ts';
import type { ProcessConfig } from './process-config.ts';
import { spanFileExporter } from './span-file.ts';

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
    const exporter = spanFileExporter(config.traceFile);
    spanProcessors.push(new BatchSpanProcessor({ exporter, scheduledDelayMillis: fileDelayMs }));
  }
  if (config.otlpEndpoint !== undefined) {
    const exporter = new OTLPTraceExporter({ url: `${config.otlpEndpoint.replace(/\/$/, '')}/v1/traces` });
    spanProcessors.push(new BatchSpanProcessor({ exporter }));
  }
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.traceRatio) });
  const tracerProvider = new TracerProvider({ resource, sampler, spanProcessors });
  trace.setGlobalTracerProvider(tracerProvider);

  const endpoint =
    config.metricsAddress === undefined ? undefined : await serveMetrics(config.metricsAddress, healthy);
  const meterProvider = endpoint && new MeterProvider({ resource, readers: [endpoint.reader] });
  if (meterProvider) metrics.setGlobalMeterProvider(meterProvider);

  return {
    flush: () => tracerProvider.forceFlush(),
    async shutdown() {
      await Promise.allSettled([tracerProvider.shutdown(), meterProvider?.shutdown()]);
      await endpoint?.close();
    },
  };
}
