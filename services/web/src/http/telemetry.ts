/** A span and a duration for every request: method, route pattern, status; never an address or a body. */
import { type Attributes, context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const SCOPE = '@atelier/web';
const duration = metrics.getMeter(SCOPE).createHistogram('http.server.request.duration', {
  unit: 's',
  description: 'Time from the request to the end of its answer',
});

export interface MeasuredRequest {
  /** Runs `work` inside the span. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** @returns milliseconds since the beginning. */
  end(status: number): number;
}

export function measureRequest(method: string, route: string): MeasuredRequest {
  const began = performance.now();
  const known = ['GET', 'POST', 'HEAD'].includes(method) ? method : '_OTHER';
  const attributes: Attributes = { 'http.request.method': known, 'http.route': route };
  // Traces begin here: what strangers send as trace context is not followed.
  const span = trace
    .getTracer(SCOPE)
    .startSpan(`${known} ${route}`, { kind: SpanKind.SERVER, attributes, root: true });
  return {
    run: (work) => context.with(trace.setSpan(context.active(), span), work),
    end(status) {
      const ms = performance.now() - began;
      const ended = { ...attributes, 'http.response.status_code': status };
      span.setAttributes(ended);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      duration.record(ms / 1_000, ended);
      return ms;
    },
  };
}
