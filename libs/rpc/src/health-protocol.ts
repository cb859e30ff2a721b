/** grpc.health.v1 as grpc-js wants methods: paths, and messages as buffers. */
import {
  createFileRegistry,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import type { MethodDefinition } from '@grpc/grpc-js';
import { HEALTH_FILE } from './health-descriptor.ts';
import { encode } from './method.ts';

/** In the order of the enum. */
export const SERVING_STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;
export type ServingStatus = (typeof SERVING_STATUSES)[number];

/** What is asked. An object, because grpc-js takes an empty string for no message at all. */
export interface HealthRequest {
  /** Name of a service, "" for the whole server. */
  readonly service: string;
}

const registry = createFileRegistry(HEALTH_FILE, () => undefined);
const REQUEST = registry.getMessage('grpc.health.v1.HealthCheckRequest') as DescMessage;
const RESPONSE = registry.getMessage('grpc.health.v1.HealthCheckResponse') as DescMessage;

const method = (name: string, responseStream: boolean): MethodDefinition<HealthRequest, ServingStatus> => ({
  path: `/grpc.health.v1.Health/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: (request) => encode(REQUEST, { ...request } as MessageInitShape<DescMessage>),
  requestDeserialize: (bytes) => fromBinary(REQUEST, bytes) as Message & HealthRequest,
  responseSerialize: (status) =>
    encode(RESPONSE, { status: SERVING_STATUSES.indexOf(status) } as MessageInitShape<DescMessage>),
  responseDeserialize: (bytes) =>
    SERVING_STATUSES[(fromBinary(RESPONSE, bytes) as Message & { status: number }).status] ?? 'UNKNOWN',
});

export const HEALTH_METHODS = { Check: method('Check', false), Watch: method('Watch', true) };
