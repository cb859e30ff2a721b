import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PromptSafetyService } from '@atelier/contracts';
import { Code, createClient, healthChecker, RpcError, waitForHealthy } from '@atelier/rpc';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readSpanFile } from './span-file.ts';
import { startTelemetry, type Telemetry } from './telemetry.ts';

const traceFile = join(mkdtempSync(join(tmpdir(), 'atelier-process-')), 'spans.jsonl');
const running = new Set<ReturnType<typeof launch>>();
let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry('tester', { traceFile, traceRatio: 1 });
});
afterEach(() => {
  for (const { child } of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(() => telemetry.shutdown());

interface LogLine {
  level: string;
  msg: string;
  trace_id?: string;
  address?: string;
}

/** Starts the fixture; its log is parsed line by line. */
function launch(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'service.fixture.ts')], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log: LogLine[] = [];
  let stderr = '';
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    log.push(...lines.map((line) => JSON.parse(line) as LogLine));
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const fixture = { child, log, exit, stderr: () => stderr, address: () => addressIn(log) };
  running.add(fixture);
  return fixture;
}

async function addressIn(log: LogLine[]): Promise<string> {
  await expect.poll(() => log.some((line) => line.address), { timeout: 20_000 }).toBe(true);
  return log.find((line) => line.address)?.address ?? '';
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const messages = (log: LogLine[]) => log.map((line) => line.msg);

describe('runService', () => {
  it('is healthy when warm and not before', async () => {
    const service = launch({ ATELIER_WARM_MS: '700' });
    const health = healthChecker(await service.address());
    expect(await health.check()).toBe('NOT_SERVING');
    await waitForHealthy(await service.address(), { timeoutMs: 5_000 });
    expect(await health.check()).toBe('SERVING');
    health.close();
  });

  it('finishes the calls in hand after SIGTERM, then releases, flushes its spans and exits 0', async () => {
    const service = launch({ ATELIER_ANSWER_MS: '800', ATELIER_TRACE_FILE: traceFile });
    const address = await service.address();
    await waitForHealthy(address, { timeoutMs: 5_000 });
    const client = createClient(PromptSafetyService, { address });
    const call = client.classifyPrompt({ prompt: 'canary-7151' });
    await expect.poll(() => messages(service.log)).toContain('judging');
    service.child.kill('SIGTERM');
    expect((await call).verdict?.allowed).toBe(true);
    expect(await service.exit).toBe(0);
    client.close();
    expect(messages(service.log).slice(-4)).toEqual(['stopping', 'no more work', 'released', 'stopped']);

    await telemetry.flush();
    const spans = readSpanFile(traceFile);
    const server = spans.find((span) => span.service === 'fixture' && span.kind === 2);
    const caller = spans.find((span) => span.service === 'tester' && span.kind === 3);
    expect(server).toMatchObject({ name: 'atelier.prompt_safety.v1.PromptSafetyService/ClassifyPrompt' });
    expect(server?.attributes['rpc.response.status_code']).toBe('OK');
    expect(server?.parentSpanId).toBe(caller?.spanId);
    expect(server?.traceId).toBe(caller?.traceId);
    expect(server?.durationMs).toBeGreaterThan(790);
    expect(service.log.find((line) => line.msg === 'judging')?.trace_id).toBe(server?.traceId);
    expect(readFileSync(traceFile, 'utf8') + JSON.stringify(service.log)).not.toContain('canary-7151');
  });

  it('cuts off what outlasts the grace, as UNAVAILABLE', async () => {
    const service = launch({ ATELIER_ANSWER_MS: '60000', ATELIER_SHUTDOWN_GRACE_MS: '300' });
    const address = await service.address();
    await waitForHealthy(address, { timeoutMs: 5_000 });
    const client = createClient(PromptSafetyService, { address });
    const call = client.classifyPrompt({}, { timeoutMs: 20_000 }).catch(RpcError.from);
    await expect.poll(() => messages(service.log)).toContain('judging');
    service.child.kill('SIGTERM');
    expect(await call).toMatchObject({ code: Code.UNAVAILABLE });
    client.close();
  });

  it('killed without warning costs its callers no more than the moment', async () => {
    const service = launch({ ATELIER_ANSWER_MS: '60000' });
    const address = await service.address();
    await waitForHealthy(address, { timeoutMs: 5_000 });
    const client = createClient(PromptSafetyService, { address });
    const call = client.classifyPrompt({}, { timeoutMs: 60_000 }).catch(RpcError.from);
    await expect.poll(() => messages(service.log)).toContain('judging');
    const start = performance.now();
    service.child.kill('SIGKILL');
    expect(await call).toMatchObject({ code: Code.UNAVAILABLE });
    expect(performance.now() - start).toBeLessThan(5_000);
    client.close();
  });

  it('stops when standard input ends, if told to', async () => {
    const service = launch({ ATELIER_EXIT_WITH_STDIN: 'true' });
    await waitForHealthy(await service.address(), { timeoutMs: 5_000 });
    service.child.stdin.end();
    expect(await service.exit).toBe(0);
  });

  it('names everything that is wrong with its configuration and exits 1', async () => {
    const service = launch({
      ATELIER_ANSWER_MS: 'soon',
      ATELIER_TRACE_RATIO: '7',
      ATELIER_LOG_LEVEL: 'loud',
    });
    expect(await service.exit).toBe(1);
    expect(service.log).toEqual([]);
    expect(service.stderr()).toMatch(/^fixture: bad configuration:\n/);
    for (const name of ['ATELIER_ANSWER_MS', 'ATELIER_TRACE_RATIO', 'ATELIER_LOG_LEVEL']) {
      expect(service.stderr()).toContain(`  ${name}: `);
    }
  });

  it('exits 1 with the reason in its log when it cannot start', async () => {
    const service = launch({ ATELIER_FAIL_START: 'true' });
    expect(await service.exit).toBe(1);
    expect(JSON.stringify(service.log)).toContain('no model');
  });

  it('sends its spans to a collector when one is configured', async () => {
    const received: string[] = [];
    const collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(`${request.url} ${chunk.toString('latin1')}`));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const service = launch({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` });
    await waitForHealthy(await service.address(), { timeoutMs: 5_000 });
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    collector.close();
    expect(received.join()).toMatch(/^\/v1\/traces [\s\S]*service\.name[\s\S]*fixture[\s\S]*warm/);
  });

  it('offers its call durations to Prometheus', async () => {
    const metricsAddress = `127.0.0.1:${await freePort()}`;
    const service = launch({ ATELIER_METRICS_ADDRESS: metricsAddress });
    const address = await service.address();
    await waitForHealthy(address, { timeoutMs: 5_000 });
    const client = createClient(PromptSafetyService, { address });
    await client.classifyPrompt({ prompt: 'canary-7151' });
    client.close();
    const page = await (await fetch(`http://${metricsAddress}/metrics`)).text();
    expect(page).toMatch(/rpc_server_call_duration\w*_count\{[^}]*ClassifyPrompt[^}]*\} 1/);
    expect(page).not.toContain('canary');
  });
});
