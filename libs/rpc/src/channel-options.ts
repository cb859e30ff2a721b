/** Settings of every channel and server of the mesh: limits, keepalive, and the one retry layer. */
import type { ChannelOptions } from '@grpc/grpc-js';
import { Code, codeName } from './code.ts';

const mebibyte = 1024 * 1024;

/** Largest request a server accepts unless told otherwise, bytes. */
export const maxRequestBytes = 16 * mebibyte;
/** Largest response a client accepts unless told otherwise, bytes. */
export const maxResponseBytes = 64 * mebibyte;

/**
 * Retries (gRFC A6): UNAVAILABLE alone, four attempts in all, and none while more than half of the recent calls
 * failed. A server stream is retried only before its first message. The last attempt comes about 1.3 s after the first,
 * later than the longest wait for a reconnection: a service that is back is found.
 */
const serviceConfig = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [
    {
      name: [{}],
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: '0.1s',
        maxBackoff: '1s',
        backoffMultiplier: 3,
        retryableStatusCodes: [codeName(Code.UNAVAILABLE)],
      },
    },
  ],
  // As many tokens as a second without any replica takes of a busy caller; with 20 the first calls of many were given up for good.
  retryThrottling: { maxTokens: 100, tokenRatio: 0.5 },
};

/** Options of a client channel; `maxMessageBytes` bounds a message either way. */
export function clientChannelOptions(maxMessageBytes = maxResponseBytes, userAgent?: string): ChannelOptions {
  return {
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.max_receive_message_length': maxMessageBytes,
    // A picture comes in one go. With the default, 64 KiB, three megabytes wait for the receiver's leave fifty times.
    'grpc-node.flow_control_window': 4 * mebibyte,
    'grpc.service_config': JSON.stringify(serviceConfig),
    'grpc.service_config_disable_resolution': 1,
    // Requests up to this size, embeddings included, are kept for a retry.
    'grpc.per_rpc_retry_buffer_size': 4 * mebibyte,
    // A stopped replica costs these five seconds and not the whole deadline; less would mistake a busy machine for it.
    'grpc.keepalive_time_ms': 1_000,
    'grpc.keepalive_timeout_ms': 4_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 500,
    'grpc.dns_min_time_between_resolutions_ms': 5_000,
    // The mesh talks to its own; a proxy in the environment is for others.
    'grpc.enable_http_proxy': 0,
    // Asked for in TLS alone: certificates of the mesh name members, not hosts, and an IP address can't be asked for.
    'grpc.ssl_target_name_override': 'mesh.atelier',
    ...(userAgent === undefined ? {} : { 'grpc.primary_user_agent': userAgent }),
  };
}

/** Options of a server; `maxMessageBytes` bounds a request. */
export function serverChannelOptions(maxMessageBytes = maxRequestBytes): ChannelOptions {
  return {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxResponseBytes,
    // Finds clients that vanished, so that their streams don't hold a drain.
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 5_000,
  };
}
