/** What every process of the mesh needs: configuration, logs, telemetry, start and stop. */
export { type ConfigDefinition, ConfigError, defineConfig } from './config.ts';
export { createLog, type Log } from './log.ts';
export { type ProcessConfig, processConfig } from './process-config.ts';
export { type RunningService, runService, type ServiceOptions, type StartContext } from './run-service.ts';
export { type RecordedSpan, readSpanFile } from './span-file.ts';
export { startTelemetry, type Telemetry } from './telemetry.ts';
export { tlsFiles } from './tls.ts';
