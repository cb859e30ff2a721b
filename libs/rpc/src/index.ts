/** Typed gRPC servers and clients: deadlines, retries, errors, health, reflection, tracing. */
export { allowList, MESH_MEMBERS, type MeshMember, mayCall, type ServiceAccess } from './allow-list.ts';
export {
  type Binding,
  bind,
  type ServerStreamHandler,
  type ServiceImpl,
  type UnaryHandler,
} from './binding.ts';
export { type CallContext, currentCall, withoutCall } from './call-context.ts';
export { anonymous, type Caller, callerMetadata, callerOf, PRIORITIES, type Priority } from './caller.ts';
export type { TlsFiles } from './certificates.ts';
export { maxRequestBytes, maxResponseBytes } from './channel-options.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export { Code, codeName } from './code.ts';
export { budgetMs, budgetsMs, defaultBudgetMs, hopReserveMs, minimumMs } from './deadlines.ts';
export type { Guard, GuardedCall, Principal } from './guard.ts';
export { type HealthChecker, healthChecker, type ServingStatus, waitForHealthy } from './health.ts';
export { defaultAddress, type ServiceName, servicePorts } from './mesh.ts';
export { type MeshTls, type MeshTlsOptions, openMeshTls, useMeshTls } from './mesh-tls.ts';
export type { CallOptions } from './outgoing-call.ts';
export {
  alreadyExists,
  cancelled,
  deadlineExceeded,
  failedPrecondition,
  internal,
  invalidArgument,
  notFound,
  RpcError,
  type RpcErrorOptions,
  resourceExhausted,
  unavailable,
  type Violation,
} from './rpc-error.ts';
export { createServer, type RpcServer, type ServerOptions } from './server.ts';
