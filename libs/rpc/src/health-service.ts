/** Telling others one's health (grpc.health.v1). */
import {
  status as Code,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { HEALTH_METHODS, type HealthRequest, type ServingStatus } from './health-protocol.ts';

/** Statuses by name of service, "" for the whole server, and those who watch them. */
export class HealthService {
  readonly #statuses: Map<string, ServingStatus>;
  readonly #watchers = new Map<string, Set<(status: ServingStatus) => void>>();

  /** NOT_SERVING, all of them. */
  constructor(services: readonly string[]) {
    this.#statuses = new Map(services.map((service) => [service, 'NOT_SERVING']));
  }

  setAll(status: ServingStatus): void {
    for (const service of this.#statuses.keys()) {
      this.#statuses.set(service, status);
      for (const tell of this.#watchers.get(service) ?? []) tell(status);
    }
  }

  addToServer(server: Server): void {
    server.addService(HEALTH_METHODS, {
      Check: (
        { request: { service } }: ServerUnaryCall<HealthRequest, ServingStatus>,
        answer: sendUnaryData<ServingStatus>,
      ) => {
        const status = this.#statuses.get(service);
        if (status) answer(null, status);
        else answer({ code: Code.NOT_FOUND, details: `Health status unknown for service ${service}` });
      },
      Watch: (call: ServerWritableStream<HealthRequest, ServingStatus>) => {
        const { service } = call.request;
        const tell = (status: ServingStatus): void => void call.write(status);
        const watchers = this.#watchers.get(service) ?? new Set();
        this.#watchers.set(service, watchers.add(tell));
        call.on('cancelled', () => {
          watchers.delete(tell);
          if (watchers.size === 0) this.#watchers.delete(service);
        });
        tell(this.#statuses.get(service) ?? 'SERVICE_UNKNOWN');
      },
    });
  }
}
