/** JSON logs, one object a line on standard output, each with the trace it belongs to. */
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type Logger, pino, stdTimeFunctions } from 'pino';

export type Log = Logger;

/** A logger for `service`. Never log prompts or pictures: they are personal data. */
export function createLog(service: string, level: string): Log {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: traceOfTheMoment,
    },
    // Synchronous, so that the last lines of a dying process aren't lost.
    pino.destination({ dest: 1, sync: true }),
  );
}

function traceOfTheMoment(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
