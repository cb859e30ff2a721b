/** What tests share: real servers to test against, and suites that every service of a kind must pass. */
export { eventually } from './eventually.ts';
export { startMesh, type TestMesh } from './mesh.ts';
export {
  type Call,
  type CallLimits,
  describeModelService,
  drained,
  type ModelServiceSuite,
} from './model-service.ts';
export { startNats } from './nats.ts';
export { listServices } from './reflection.ts';
export { addressVariable, type ServiceName, type ServiceProcess, startService } from './service.ts';
export { readTrace, Trace } from './traces.ts';
