/** Typed clients, with deadlines, cancellation, retries and tracing in one place. */
import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { fromBinary } from '@bufbuild/protobuf';
import { connectivityState, Client as GrpcClient, Metadata } from '@grpc/grpc-js';
import { context } from '@opentelemetry/api';
import { clientChannelOptions } from './channel-options.ts';
import { Code } from './code.ts';
import { hedged } from './hedge.ts';
import { channelCredentials, type MeshTls } from './mesh-tls.ts';
import { encode, methodName, methodPath } from './method.ts';
import { type CallOptions, cancelOnAbort, deadlineFor } from './outgoing-call.ts';
import { RpcError, unavailable } from './rpc-error.ts';
import { measureClientCall } from './telemetry.ts';

type UnaryCall<I extends DescMessage, O extends DescMessage> = (
  request: MessageInitShape<I>,
  options?: CallOptions,
) => Promise<MessageShape<O>>;

/** Leaving the loop early cancels the call. */
type ServerStreamCall<I extends DescMessage, O extends DescMessage> = (
  request: MessageInitShape<I>,
  options?: CallOptions,
) => AsyncIterable<MessageShape<O>>;

/** One function for each method of service `D`; every failure is an RpcError. */
export type Client<D extends DescService> = {
  [M in keyof D['method']]: D['method'][M] extends DescMethodUnary<infer I, infer O>
    ? UnaryCall<I, O>
    : D['method'][M] extends DescMethodServerStreaming<infer I, infer O>
      ? ServerStreamCall<I, O>
      : never;
};

export interface ClientOptions {
  /** gRPC target: "host:port", or "dns:///name:port" to spread calls over a headless service's replicas. */
  address: string;
  /** Name of the calling service, sent as user agent. */
  name?: string;
  /** Largest message either way, bytes; default 64 MiB. */
  maxMessageBytes?: number;
  /** Metadata of every call, such as `authorization`, or what gives it for each; keys in lower case. */
  metadata?: Record<string, string> | (() => Record<string, string>);
  /** `hedgeAfterMs` of every unary call that has none of its own. */
  hedgeAfterMs?: number;
  /** Whose certificate to use; default: the process's (`useMeshTls`), else plaintext. */
  tls?: MeshTls;
}

/** A client of `service`. It connects on its first call; `close` ends the channel. */
export function createClient<D extends DescService>(
  service: D,
  options: ClientOptions,
): Client<D> & { close(): void } {
  const channel = new GrpcClient(
    options.address,
    channelCredentials(service.typeName, options.tls),
    clientChannelOptions(options.maxMessageBytes, options.name),
  );
  const { metadata, hedgeAfterMs } = options;
  const defaults = typeof metadata === 'function' ? metadata : () => metadata;
  const withDefaults = (call: CallOptions): CallOptions => ({
    ...(hedgeAfterMs !== undefined && { hedgeAfterMs }),
    ...call,
    metadata: { ...defaults(), ...call.metadata },
  });
  const calls: Record<string, unknown> = { close: () => channel.close() };
  for (const method of service.methods) {
    if (method.methodKind === 'unary') {
      calls[method.localName] = (request: Message, callOptions: CallOptions = {}) =>
        hedgedCall(channel, withDefaults(callOptions), (own) =>
          unaryCall(channel, options.address, method, request, own),
        );
    } else if (method.methodKind === 'server_streaming') {
      calls[method.localName] = (request: Message, callOptions: CallOptions = {}) =>
        serverStreamCall(channel, options.address, method, request, withDefaults(callOptions));
    }
  }
  return calls as Client<D> & { close(): void };
}

function hedgedCall(
  channel: GrpcClient,
  options: CallOptions,
  call: (options: CallOptions) => Promise<Message>,
): Promise<Message> {
  const { hedgeAfterMs, signal } = options;
  if (hedgeAfterMs === undefined) return call(options);
  const signals = signal ? [signal] : [];
  return hedged(
    (over) => call({ ...options, signal: AbortSignal.any([...signals, over]) }),
    hedgeAfterMs,
    () => isConnected(channel),
  );
}

async function unaryCall(
  channel: GrpcClient,
  address: string,
  method: DescMethod,
  request: Message,
  options: CallOptions,
): Promise<Message> {
  const metadata = requestMetadata(options);
  const measured = measureClientCall(methodName(method), address, metadata);
  const began = performance.now();
  let code: Code = Code.OK;
  try {
    const deadline = deadlineFor(methodName(method), options);
    return await new Promise<Message>((resolve, reject) => {
      const call = channel.makeUnaryRequest(
        methodPath(method),
        (message: Message) => encode(method.input, message),
        (bytes) => fromBinary(method.output, bytes),
        request,
        metadata,
        { deadline },
        (error, response) => {
          cancellation.release();
          if (error) reject(cancellation.error() ?? error);
          else resolve(response as Message);
        },
      );
      const cancellation = cancelOnAbort(options, () => call.cancel());
      if (cancellation.error()) call.cancel();
    });
  } catch (thrown) {
    const error = failureOf(channel, address, thrown, performance.now() - began);
    code = error.code;
    throw error;
  } finally {
    measured.end(code);
  }
}

async function* serverStreamCall(
  channel: GrpcClient,
  address: string,
  method: DescMethod,
  request: Message,
  options: CallOptions,
): AsyncGenerator<Message, void, undefined> {
  const metadata = requestMetadata(options);
  const measured = measureClientCall(methodName(method), address, metadata);
  const began = performance.now();
  // Leaving the loop early is a cancellation, unless the end of the stream or an error says otherwise.
  let code: Code = Code.CANCELLED;
  try {
    const deadline = deadlineFor(methodName(method), options);
    const call = context.with(measured.context, () =>
      channel.makeServerStreamRequest(
        methodPath(method),
        (message: Message) => encode(method.input, message),
        (bytes) => fromBinary(method.output, bytes),
        request,
        metadata,
        { deadline },
      ),
    );
    // A cancelled call reports its error to nobody who still listens.
    call.on('error', () => {});
    const cancellation = cancelOnAbort(options, () => call.cancel());
    try {
      if (cancellation.error()) call.cancel();
      for await (const response of call) yield response as Message;
      code = Code.OK;
    } catch (thrown) {
      throw cancellation.error() ?? thrown;
    } finally {
      cancellation.release();
      call.cancel();
    }
  } catch (thrown) {
    const error = failureOf(channel, address, thrown, performance.now() - began);
    code = error.code;
    throw error;
  } finally {
    measured.end(code);
  }
}

/** Time in which a connection comes about if it can, milliseconds: a call that had less tells nothing of the network. */
const CONNECTED_WITHIN_MS = 1_000;

/**
 * What a failed call says. A deadline that passes while there is no connection is an outage and not a slow server: packets that a
 * broken network loses in silence never become the UNAVAILABLE that a refusal would be.
 */
function failureOf(channel: GrpcClient, address: string, thrown: unknown, tookMs: number): RpcError {
  const error = RpcError.from(thrown);
  if (thrown === error || error.code !== Code.DEADLINE_EXCEEDED || tookMs < CONNECTED_WITHIN_MS) return error;
  if (isConnected(channel)) return error;
  return unavailable(`no connection to ${address} in time`, { reason: 'NOT_CONNECTED', cause: error });
}

const isConnected = (channel: GrpcClient): boolean =>
  channel.getChannel().getConnectivityState(false) === connectivityState.READY;

function requestMetadata(options: CallOptions): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
  return metadata;
}
