/** A service and its implementation, typed by the descriptor (after connectrpc/connect-es implementation.ts). */
import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { CallContext } from './call-context.ts';

/** A handler of one request and one response. */
export type UnaryHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  ctx: CallContext,
) => Promise<MessageInitShape<O>>;

/** A handler of one request and a stream of responses; usually an async generator. */
export type ServerStreamHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  ctx: CallContext,
) => AsyncIterable<MessageInitShape<O>>;

/** One handler for each method of service `D`. */
export type ServiceImpl<D extends DescService> = {
  [M in keyof D['method']]: D['method'][M] extends DescMethodUnary<infer I, infer O>
    ? UnaryHandler<I, O>
    : D['method'][M] extends DescMethodServerStreaming<infer I, infer O>
      ? ServerStreamHandler<I, O>
      : never;
};

/** A handler whose types the descriptor vouches for. */
export type BoundMethod =
  | { kind: 'unary'; method: DescMethod; handler: UnaryHandler<DescMessage, DescMessage> }
  | { kind: 'server_streaming'; method: DescMethod; handler: ServerStreamHandler<DescMessage, DescMessage> };

/** A service ready to be served. */
export interface Binding {
  service: DescService;
  methods: BoundMethod[];
}

/** Binds an implementation to its service. @throws TypeError for a method kind the mesh doesn't use. */
export function bind<D extends DescService>(service: D, impl: ServiceImpl<D>): Binding {
  const methods = service.methods.map((method): BoundMethod => {
    // Bound to `impl`, so that a class with private state can be a service.
    const handler = impl[method.localName as keyof ServiceImpl<D>];
    if (typeof handler !== 'function') throw new TypeError(`${service.typeName} lacks ${method.localName}`);
    if (method.methodKind === 'unary' || method.methodKind === 'server_streaming') {
      return { kind: method.methodKind, method, handler: handler.bind(impl) } as BoundMethod;
    }
    throw new TypeError(`${service.typeName}/${method.name}: client streams are not served here`);
  });
  return { service, methods };
}
