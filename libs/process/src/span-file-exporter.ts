/** Writes the file that span-file.ts reads; apart from it, because it loads a serializer that only a traced process needs. */
import { appendFileSync } from 'node:fs';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** Appends finished spans to `path`. Several processes may share the file: each batch is one write in append mode. */
export function spanFileExporter(path: string): SpanExporter {
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      try {
        const bytes = JsonTraceSerializer.serializeRequest(spans);
        if (bytes) appendFileSync(path, Buffer.concat([bytes, Buffer.from('\n')]));
        done({ code: ExportResultCode.SUCCESS });
      } catch (error) {
        done({ code: ExportResultCode.FAILED, error: error as Error });
      }
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** A span as read back, with what tests and the command ask for. */
