/** The W3C trace context (https://www.w3.org/TR/trace-context/) in NATS headers, and the spans of messaging. */
import { type MsgHdrs, headers as natsHeaders } from '@nats-io/transport-node';
import {
  type Attributes,
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('@atelier/events');

const setter: TextMapSetter<MsgHdrs> = { set: (headers, key, value) => headers.set(key, value) };
const getter: TextMapGetter<MsgHdrs> = {
  get: (headers, key) => headers.get(key) || undefined,
  keys: (headers) => headers.keys(),
};

/** New headers that carry the active trace context. */
export function tracedHeaders(): MsgHdrs {
  const headers = natsHeaders();
  propagation.inject(context.active(), headers, setter);
  return headers;
}

/** The trace context that a message carries, on top of the active one; the active one when it carries none. */
export function contextOf(headers: MsgHdrs | undefined): Context {
  return headers ? propagation.extract(context.active(), headers, getter) : context.active();
}

/** Run `work` in a producer span, so that what is published inside is its child. */
export async function producing<T>(subject: string, attributes: Attributes, work: () => Promise<T>) {
  return await inSpan(`publish ${subject}`, SpanKind.PRODUCER, context.active(), subject, attributes, work);
}

/** Run `work` in a consumer span whose parent is the span that published the message. */
export async function consuming<T>(
  subject: string,
  headers: MsgHdrs | undefined,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  return await inSpan(`process ${subject}`, SpanKind.CONSUMER, contextOf(headers), subject, attributes, work);
}

/** Attribute names: OpenTelemetry semantic conventions for messaging. */
async function inSpan<T>(
  name: string,
  kind: SpanKind,
  parent: Context,
  subject: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  const messaging = { 'messaging.system': 'nats', 'messaging.destination.name': subject, ...attributes };
  return await tracer.startActiveSpan(name, { kind, attributes: messaging }, parent, async (span: Span) => {
    try {
      return await work();
    } catch (error) {
      // The class alone: messages may quote what people wrote.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}
