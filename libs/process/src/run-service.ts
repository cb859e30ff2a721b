/** The life of a service: configuration, telemetry, serving once warm, and an end that loses nothing. */
import { type Binding, createServer, type Guard, type RpcServer, useMeshTls } from '@atelier/rpc';
import { trace } from '@opentelemetry/api';
import type { z } from 'zod';
import { collectDeadBuffers, collectGarbage } from './collect-garbage.ts';
import { type ConfigDefinition, ConfigError } from './config.ts';
import { stepHelpersBehind } from './helper-threads.ts';
import { createLog, type Log } from './log.ts';
import { type ProcessConfig, processConfig } from './process-config.ts';
import { onStopRequest, type StopRequest } from './stop-signals.ts';
import { startTelemetry, type Telemetry } from './telemetry.ts';
import { tlsFiles } from './tls.ts';

export interface StartContext<C> {
  config: C;
  log: Log;
  /** Aborts when the process is to stop: take on no more work. */
  shutdown: AbortSignal;
}

export interface RunningService {
  bindings: Binding[];
  /** Where to listen, "host:port"; port 0 for any free one. */
  address: string;
  /** Largest request, bytes; default: that of @atelier/rpc. */
  maxMessageBytes?: number;
  /** Whether calls may be handled, and for whom; default: everybody's. */
  guard?: Guard | undefined;
  /** Runs after listening and before health says SERVING: a first inference, for example. */
  warm?: () => Promise<void>;
  /** Releases models and connections; runs when the last call has ended. */
  close?: () => Promise<void>;
}

export interface ServiceOptions<S extends z.ZodObject> {
  /** Name of the service: folder, span resource, log field. */
  name: string;
  config: ConfigDefinition<S>;
  start: (context: StartContext<z.output<S>>) => Promise<RunningService>;
}

/** Time that closing and flushing get beyond the grace, milliseconds; then the process kills itself. */
const closeMs = 10_000;

/**
 * Runs a service until it is told to stop. Resolves when everything is released; the process then ends by itself with
 * `process.exitCode`. Never rejects.
 */
export async function runService<S extends z.ZodObject>(options: ServiceOptions<S>): Promise<void> {
  const startMs = performance.now();
  const settings = loadOrExplain(options);
  if (settings === undefined) {
    process.exitCode = 1;
    return;
  }
  const [config, base] = settings;
  const log = createLog(options.name, base.logLevel);
  const shutdown = new AbortController();
  const stopped = new Promise<StopRequest>((resolve) => {
    // Before anything slow, so that a stop during the start is a stop.
    onStopRequest(resolve, { stdin: base.exitWithStdin });
  });
  const up: Up = {};
  const started = (async () => {
    up.telemetry = await startTelemetry(options.name, base, () => up.serving === true);
    useMeshTls(tlsFiles(base), { onError: (err) => log.warn({ err }, 'mounted certificate') });
    await start(options, config, base, log, shutdown.signal, up);
    log.info({ ready_ms: Math.round(performance.now() - startMs), address: up.address }, 'serving');
  })();
  const failed = started.then(
    () => stopped,
    (error): StopRequest => ({ why: 'failed to start', exitCode: 1, error }),
  );
  const request = await Promise.race([stopped, failed]);
  if (request.error === undefined) log.info({ why: request.why }, 'stopping');
  else log.fatal({ why: request.why, err: request.error }, 'stopping');
  process.exitCode = request.exitCode;
  killWhenStuck(base.shutdownGraceMs + closeMs, log);
  await stop(up, shutdown, started, base.shutdownGraceMs, log);
  log.info('stopped');
}

/** What has been started so far. */
interface Up {
  telemetry?: Telemetry;
  service?: RunningService;
  server?: RpcServer;
  address?: string;
  serving?: boolean;
}

function loadOrExplain<S extends z.ZodObject>(
  options: ServiceOptions<S>,
): [z.output<S>, ProcessConfig] | undefined {
  const problems: string[] = [];
  const load = <T>(definition: { load(environment: NodeJS.ProcessEnv): T }): T | undefined => {
    try {
      return definition.load(process.env);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const config = load(options.config);
  const base = load(processConfig);
  if (config !== undefined && base !== undefined) return [config, base];
  process.stderr.write(`${options.name}: ${new ConfigError(problems).message}\n`);
  return undefined;
}

async function start<S extends z.ZodObject>(
  options: ServiceOptions<S>,
  config: z.output<S>,
  base: ProcessConfig,
  log: Log,
  shutdown: AbortSignal,
  up: Up,
): Promise<void> {
  const service = await options.start({ config, log, shutdown });
  up.service = service;
  if (shutdown.aborted) return;
  const server = createServer({
    bindings: service.bindings,
    guard: service.guard,
    ...(service.maxMessageBytes === undefined ? {} : { maxMessageBytes: service.maxMessageBytes }),
    onError: (err, method) => log.error({ err, cause: err.cause, method }, 'call failed'),
  });
  up.server = server;
  const port = await server.listen(service.address);
  if (base.healthAddress !== undefined) await server.listenForProbes(base.healthAddress);
  up.address = service.address.replace(/:\d+$/, `:${port}`);
  log.info({ address: up.address }, 'listening');
  await trace.getTracer('@atelier/process').startActiveSpan('warm', async (span) => {
    try {
      await service.warm?.();
    } finally {
      span.end();
    }
  });
  if (shutdown.aborted) return;
  collectGarbage();
  collectDeadBuffers();
  stepHelpersBehind(); // not before: at the start they compile
  server.setServing(true);
  up.serving = true;
}

/** NOT_SERVING, no more work, drain, release, flush: in this order. */
async function stop(
  up: Up,
  shutdown: AbortController,
  started: Promise<void>,
  graceMs: number,
  log: Log,
): Promise<void> {
  up.server?.setServing(false);
  up.serving = false;
  shutdown.abort();
  // A start under way ends before what it made is released.
  await started.catch(() => {});
  for (const step of [
    () => up.server?.drain(graceMs),
    () => up.service?.close?.(),
    () => up.telemetry?.shutdown(),
  ]) {
    try {
      await step();
    } catch (err) {
      process.exitCode = 1;
      log.error({ err }, 'shutdown step failed');
    }
  }
}

/**
 * Ends a process that doesn't end by itself. Not by process.exit, which aborts with a core dump while a worker is
 * inside ONNX Runtime.
 */
function killWhenStuck(afterMs: number, log: Log): void {
  setTimeout(() => {
    log.fatal(
      { after_ms: afterMs, handles: process.getActiveResourcesInfo() },
      'shutdown is stuck, killing myself',
    );
    process.kill(process.pid, 'SIGKILL');
  }, afterMs).unref();
}
