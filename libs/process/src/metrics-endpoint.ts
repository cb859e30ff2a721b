/**
 * The plain HTTP side of a process: /metrics for Prometheus and /healthz for a kubelet, which can't present a certificate to a
 * gRPC server that asks for one.
 */
import { createServer } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

export interface MetricsEndpoint {
  /** Collects the meter provider's metrics. */
  reader: PrometheusExporter;
  close(): Promise<void>;
}

/**
 * Listens on "host:port". `healthy` says what /healthz answers: 200 or 503.
 * @throws Error when the address can't be listened on.
 */
export async function serveMetrics(address: string, healthy: () => boolean): Promise<MetricsEndpoint> {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') return reader.getMetricsRequestHandler(request, response);
    const status = path === '/healthz' ? (healthy() ? 200 : 503) : 404;
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end({ 200: 'SERVING\n', 503: 'NOT_SERVING\n', 404: 'try /metrics or /healthz\n' }[status]);
  });
  const at = address.lastIndexOf(':');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(address.slice(at + 1)), address.slice(0, at), resolve);
  });
  return {
    reader,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
