/** OpenTelemetry of a process: spans to a file or collector, metrics for Prometheus, W3C propagation. */
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
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
 * Starts telemetry for the whole process, once. `service` becomes the resource attribute service.name.
 * @throws Error when the metrics address can't be listened on.
 */
export async function startTelemetry(service: string, config: TelemetryConfig): Promise<Telemetry> {
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

  let meterProvider: MeterProvider | undefined;
  if (config.metricsAddress !== undefined) {
    meterProvider = new MeterProvider({ resource, readers: [await prometheus(config.metricsAddress)] });
    metrics.setGlobalMeterProvider(meterProvider);
  }

  return {
    flush: () => tracerProvider.forceFlush(),
    async shutdown() {
      await Promise.allSettled([tracerProvider.shutdown(), meterProvider?.shutdown()]);
    },
  };
}

async function prometheus(address: string): Promise<PrometheusExporter> {
  const at = address.lastIndexOf(':');
  const options = {
    host: address.slice(0, at),
    port: Number(address.slice(at + 1)),
    preventServerStart: true,
  };
  const exporter = new PrometheusExporter(options);
  await exporter.startServer();
  return exporter;
}
