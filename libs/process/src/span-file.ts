/**
 * Spans in a file: one OTLP/JSON export request a line, the format of OpenTelemetry's file exporter
 * (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/), so that collectors read it too.
 */
import { existsSync, readFileSync } from 'node:fs';

export interface RecordedSpan {
  /** 32 lower-case hexadecimal digits. */
  traceId: string;
  /** 16 lower-case hexadecimal digits. */
  spanId: string;
  /** Empty for the root. */
  parentSpanId: string;
  name: string;
  /** OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  /** Resource attribute service.name. */
  service: string;
  /** Milliseconds since the epoch, with fractions. */
  startMs: number;
  durationMs: number;
  attributes: Record<string, unknown>;
  /** Spans linked to, for example the requests in a batch. */
  links: { traceId: string; spanId: string }[];
  /** Whether the span ended with an error. */
  failed: boolean;
}

/** All spans in the file, of one trace when `traceId` is given; a last line still being written is left out. */
export function readSpanFile(path: string, traceId?: string): RecordedSpan[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines
    .filter((line) => traceId === undefined || line.includes(traceId))
    .flatMap((line) => (JSON.parse(line) as OtlpRequest).resourceSpans ?? [])
    .flatMap((resource) => {
      const service = String(attributesOf(resource.resource.attributes)['service.name'] ?? '');
      return resource.scopeSpans.flatMap((scope) => scope.spans.map((span) => recordedSpan(span, service)));
    })
    .filter((span) => traceId === undefined || span.traceId === traceId);
}

interface OtlpValue {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values: OtlpValue[] };
}

interface OtlpAttribute {
  key: string;
  value: OtlpValue;
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: OtlpAttribute[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number };
}

interface OtlpRequest {
  resourceSpans?: { resource: { attributes?: OtlpAttribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** OTLP's Status.StatusCode.STATUS_CODE_ERROR. */
const statusError = 2;

function recordedSpan(span: OtlpSpan, service: string): RecordedSpan {
  const startMs = Number(span.startTimeUnixNano) / 1e6;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: span.kind,
    service,
    startMs,
    durationMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
    attributes: attributesOf(span.attributes),
    links: (span.links ?? []).map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
    failed: span.status?.code === statusError,
  };
}

function attributesOf(attributes: OtlpAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: OtlpValue): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(plain);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue;
}
