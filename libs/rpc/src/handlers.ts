/** Bound methods as grpc-js handlers. */
import type { DescMethod } from '@bufbuild/protobuf';
import type {
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Binding, BoundMethod } from './binding.ts';
import type { CallContext } from './call-context.ts';
import { decodeRequest } from './decode.ts';
import { writeDetails } from './error-details.ts';
import { handleCall, rejectOnAbort, type ServerLife } from './incoming-call.ts';
import { encode, methodName, methodPath } from './method.ts';
import type { RpcError } from './rpc-error.ts';

type Unary = Extract<BoundMethod, { kind: 'unary' }>;
type ServerStream = Extract<BoundMethod, { kind: 'server_streaming' }>;

/** Definition and handlers of a binding, for `Server.addService`. */
export function grpcService(
  binding: Binding,
  life: ServerLife,
): { definition: ServiceDefinition; implementation: UntypedServiceImplementation } {
  const definition: Record<string, ServiceDefinition[string]> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const bound of binding.methods) {
    definition[bound.method.name] = grpcMethod(bound.method);
    implementation[bound.method.name] =
      bound.kind === 'unary' ? unaryHandler(bound, life) : serverStreamHandler(bound, life);
  }
  return { definition, implementation };
}

/**
 * The method with messages as bytes: grpc-js answers INTERNAL to whatever a deserializer throws, and bytes that are
 * no message are the caller's mistake, so decoding is left to the handler.
 */
function grpcMethod(method: DescMethod): ServiceDefinition[string] {
  const passOn = (bytes: Buffer) => bytes;
  return {
    path: methodPath(method),
    requestStream: false,
    responseStream: method.methodKind === 'server_streaming',
    requestSerialize: passOn,
    requestDeserialize: passOn,
    responseSerialize: passOn,
    responseDeserialize: passOn,
  };
}

function unaryHandler({ method, handler }: Unary, life: ServerLife) {
  return (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>): void => {
    let response: Buffer | undefined;
    const work = async (ctx: CallContext) => {
      response = encode(method.output, await handler(decodeRequest(method.input, call.request), ctx));
    };
    void handleCall(call, methodName(method), life, work).then((error) => {
      if (error) respond(errorStatus(error));
      else respond(null, response ?? Buffer.alloc(0));
    });
  };
}

function serverStreamHandler({ method, handler }: ServerStream, life: ServerLife) {
  return (call: ServerWritableStream<Buffer, Buffer>): void => {
    const work = async (ctx: CallContext) => {
      const responses = handler(decodeRequest(method.input, call.request), ctx)[Symbol.asyncIterator]();
      const aborted = rejectOnAbort(ctx.signal);
      aborted.catch(() => {});
      try {
        for (;;) {
          const next = await Promise.race([responses.next(), aborted]);
          if (next.done) return;
          if (!call.write(encode(method.output, next.value))) await Promise.race([drained(call), aborted]);
        }
      } finally {
        // Not awaited: a handler stuck in its own await would hold the answer back.
        responses.return?.().catch(() => {});
      }
    };
    void handleCall(call, methodName(method), life, work).then((error) => {
      if (error) call.emit('error', errorStatus(error));
      else call.end();
    });
  };
}

function drained(call: ServerWritableStream<Buffer, Buffer>): Promise<void> {
  return new Promise((resolve) => call.once('drain', resolve));
}

function errorStatus(error: RpcError) {
  // encodeURI, which grpc-js applies, throws on lone surrogates.
  const details = error.message.toWellFormed();
  return { code: error.code, details, metadata: writeDetails(error.code, details, error.details()) };
}
