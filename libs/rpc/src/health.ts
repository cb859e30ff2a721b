/** Asking others for their health (grpc.health.v1). */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@grpc/grpc-js';
import { clientChannelOptions } from './channel-options.ts';
import { HEALTH_METHODS, type HealthRequest, type ServingStatus } from './health-protocol.ts';
import { channelCredentials, type MeshTls } from './mesh-tls.ts';
import { RpcError, unavailable } from './rpc-error.ts';

export type { ServingStatus };

/** Pause between two checks, milliseconds. */
const pollMs = 50;

export interface HealthChecker {
  /** One health check. @throws RpcError when there is no answer within `timeoutMs` (default 1,000). */
  check(timeoutMs?: number): Promise<ServingStatus>;
  close(): void;
}

/**
 * A check that finds nobody says so at once and the next one connects anew: a retry's wait, up to a second, would hide a
 * server that came up meanwhile.
 */
const channelOptions = () => ({
  ...clientChannelOptions(),
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': pollMs,
  'grpc.max_reconnect_backoff_ms': pollMs,
});

/** A connection for health checks of the server at `address`; `service` names one service, "" the whole server. */
export function healthChecker(address: string, service = '', tls?: MeshTls): HealthChecker {
  const { Check: method } = HEALTH_METHODS;
  const client = new Client(address, channelCredentials('', tls), channelOptions());
  return {
    check: (timeoutMs = 1_000) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest<HealthRequest, ServingStatus>(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          { service },
          { deadline: Date.now() + timeoutMs },
          (error, response) => {
            if (error) reject(RpcError.from(error));
            else resolve(response ?? 'UNKNOWN');
          },
        );
      }),
    close: () => client.close(),
  };
}

/** Waits until the server at `address` is SERVING. @throws RpcError UNAVAILABLE after `timeoutMs`. */
export async function waitForHealthy(
  address: string,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  const checker = healthChecker(address);
  let last: string | undefined;
  try {
    while (Date.now() < deadline) {
      options.signal?.throwIfAborted();
      try {
        last = await checker.check(Math.min(1_000, deadline - Date.now()));
        if (last === 'SERVING') return;
      } catch (thrown) {
        // An answer tells more than the last check, cut short by the deadline.
        last ??= RpcError.from(thrown).message;
      }
      await sleep(pollMs);
    }
  } finally {
    checker.close();
  }
  throw unavailable(`${address} is not healthy after ${options.timeoutMs} ms: ${last ?? 'no answer'}`, {
    reason: 'NOT_HEALTHY',
  });
}
