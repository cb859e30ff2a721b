/** The local mesh: NATS discovery and the launcher of the services' processes. */
export {
  type Child,
  describeExit,
  type Exit,
  type OnLine,
  type Stream,
  startChild,
} from './child-process.ts';
export { localIdentity } from './credentials.ts';
export { freePort } from './free-port.ts';
export { type Mesh, type MeshOptions, startMesh } from './mesh.ts';
export { type NatsBinaryOptions, natsBinary } from './nats-binary.ts';
export { type NatsOptions, type NatsServer, startNats } from './nats-server.ts';
export { cpuMs, openHandles, peakRssMb, pssMb, rssMb } from './proc.ts';
export { type PromptEncoderOptions, promptEncoder } from './prompt-encoder.ts';
export { type ServiceOptions, type ServiceProcess, spawnService } from './service-process.ts';
export {
  addressVariable,
  entryOf,
  REPOSITORY,
  SERVICES,
  type ServiceName,
  type ServiceRow,
  serviceRow,
} from './services.ts';
export { createThrowAwayCa, type ThrowAwayCa, tlsEnvironment } from './throw-away-ca.ts';
