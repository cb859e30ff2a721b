/** Traces as graphs. */
import { type RecordedSpan, readSpanFile } from '@atelier/process';
import { eventually } from './eventually.ts';

/** The spans of one trace with the lines between them. */
export class Trace {
  readonly spans: readonly RecordedSpan[];
  readonly #byId: ReadonlyMap<string, RecordedSpan>;

  constructor(spans: readonly RecordedSpan[]) {
    this.spans = spans;
    this.#byId = new Map(spans.map((span) => [span.spanId, span]));
  }

  /** Spans without a parent in the trace. */
  get roots(): RecordedSpan[] {
    return this.spans.filter((span) => !this.#byId.has(span.parentSpanId));
  }

  /** Names of the services that took part. */
  get services(): Set<string> {
    return new Set(this.spans.map((span) => span.service));
  }

  /** The spans of a service whose name contains `name`. */
  find(service: string, name: string): RecordedSpan[] {
    return this.spans.filter((span) => span.service === service && span.name.includes(name));
  }

  /** "service: name" of the span and its ancestors, root first. */
  path(span: RecordedSpan): string[] {
    const parent = this.#byId.get(span.parentSpanId);
    return [...(parent ? this.path(parent) : []), `${span.service}: ${span.name}`];
  }
}

/** The trace in a span file, once `complete` says that it is: processes write their spans in batches. */
export async function readTrace(
  file: string,
  traceId: string,
  complete: (trace: Trace) => boolean,
  timeoutMs = 10_000,
): Promise<Trace> {
  return await eventually(
    `trace ${traceId}`,
    () => {
      const trace = new Trace(readSpanFile(file, traceId));
      return complete(trace) ? trace : null;
    },
    timeoutMs,
  );
}
