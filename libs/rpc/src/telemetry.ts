/**
 * Spans, duration histograms and W3C propagation of calls, by OpenTelemetry's semantic conventions for RPC
 * (https://opentelemetry.io/docs/specs/semconv/rpc/grpc/). Names and codes only: no payload, no error text.
 */

import type { Metadata } from '@grpc/grpc-js';
import {
  type Attributes,
  type Context,
  context,
  type Histogram,
  type MeterProvider,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { Code, codeName } from './code.ts';

const scope = '@atelier/rpc';
/** Seconds; the convention's boundaries, extended to the minute that a generation may take. */
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];

/** Codes that are a server's own fault; the others are an answer. */
const serverFaults = new Set<Code>([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);

/** A call being measured. */
export interface MeasuredCall {
  /** Context in which the call's work runs. */
  context: Context;
  /** Ends span and timing, once. */
  end(code: Code): void;
}

/** Begins the client side of a call and writes its trace context into `metadata`. */
export function measureClientCall(method: string, address: string, metadata: Metadata): MeasuredCall {
  const [host = '', port] = splitAddress(address);
  const attributes: Attributes = {
    'server.address': host,
    ...(port === undefined ? {} : { 'server.port': port }),
  };
  const measured = measure('client', method, context.active(), attributes);
  propagation.inject(measured.context, metadata, { set: (carrier, key, value) => carrier.set(key, value) });
  return measured;
}

/** Begins the server side of a call, as a child of the trace context in `metadata`. */
export function measureServerCall(method: string, metadata: Metadata): MeasuredCall {
  const parent = propagation.extract(context.active(), metadata, {
    keys: (carrier) => Object.keys(carrier.getMap()),
    get: (carrier, key) => carrier.get(key).map(String),
  });
  return measure('server', method, parent, {});
}

function measure(side: Side, method: string, parent: Context, extra: Attributes): MeasuredCall {
  const attributes: Attributes = { 'rpc.system.name': 'grpc', 'rpc.method': method, ...extra };
  const kind = side === 'client' ? SpanKind.CLIENT : SpanKind.SERVER;
  const span = trace.getTracer(scope).startSpan(method, { kind, attributes }, parent);
  const startMs = performance.now();
  let ended = false;
  return {
    context: trace.setSpan(parent, span),
    end(code) {
      if (ended) return;
      ended = true;
      endSpan(span, side, code);
      durations(side).record((performance.now() - startMs) / 1_000, {
        ...attributes,
        'rpc.response.status_code': codeName(code),
      });
    },
  };
}

type Side = 'client' | 'server';

let histograms: { provider: MeterProvider; client: Histogram; server: Histogram } | undefined;

/** The histogram of a side, made once for each meter provider: telemetry may start after the first call. */
function durations(side: Side): Histogram {
  const provider = metrics.getMeterProvider();
  if (histograms?.provider !== provider) {
    const create = (of: Side) =>
      provider.getMeter(scope).createHistogram(`rpc.${of}.call.duration`, {
        unit: 's',
        description: `Duration of ${of} calls`,
        advice: { explicitBucketBoundaries: boundaries },
      });
    histograms = { provider, client: create('client'), server: create('server') };
  }
  return histograms[side];
}

function endSpan(span: Span, side: Side, code: Code): void {
  span.setAttribute('rpc.response.status_code', codeName(code));
  if (side === 'server' ? serverFaults.has(code) : code !== Code.OK) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', codeName(code));
  }
  span.end();
}

/** "host:port" in two; a target without a port, such as a Unix socket, is all host. */
function splitAddress(address: string): [string, number?] {
  const at = address.lastIndexOf(':');
  const port = Number(address.slice(at + 1));
  return at > 0 && Number.isInteger(port) ? [address.slice(0, at), port] : [address];
}
