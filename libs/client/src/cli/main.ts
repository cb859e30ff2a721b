/** The `atelier` command: a prompt becomes a picture on disk, or a picture is verified. */
import { startTelemetry } from '@atelier/process';
import { RpcError } from '@atelier/rpc';
import { generate } from './generate.ts';
import { Interruption } from './interruption.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { createProgress } from './progress.ts';
import { describeReport, failureReport } from './report.ts';
import { openSession } from './session.ts';
import { telemetryConfig } from './telemetry.ts';

const EXIT = { SUCCEEDED: 0, BLOCKED: 3 } as const;
const FAILED = 1;
const WRONG_USE = 2;

process.exitCode = await main();

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args[0] === 'verify') return await runVerify(args.slice(1));
  let options: Options | null;
  try {
    options = readOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return WRONG_USE;
  }
  if (options) return await run(options);
  console.log(USAGE);
  return 0;
}

async function runVerify(args: readonly string[]): Promise<number> {
  // Loads what drawing has no use for.
  const { VERIFY_USAGE, verify } = await import('./verify.ts');
  try {
    return (await verify(args, process.env.INIT_CWD ?? process.cwd())) ? 0 : FAILED;
  } catch (error) {
    if (!(error instanceof UsageError)) {
      console.error(`atelier: ${explain(error)}`);
      return FAILED;
    }
    console.error(`${error.message}\n\n${VERIFY_USAGE}`);
    return WRONG_USE;
  }
}

async function run(options: Options): Promise<number> {
  const progress = createProgress(process.stderr);
  const interruption = new Interruption();
  const telemetry = await startTelemetry('client', telemetryConfig());
  try {
    const session = await openSession(progress, interruption.signal);
    interruption.onLastResort(() => session.kill());
    try {
      const cwd = process.env.INIT_CWD ?? process.cwd();
      const report = await generate(options, { ...session, progress, signal: interruption.signal, cwd });
      progress.end();
      console.log(options.json ? JSON.stringify(report) : describeReport(report).join('\n'));
      return EXIT[report.state as keyof typeof EXIT] ?? FAILED;
    } finally {
      await session.close();
    }
  } catch (error) {
    progress.end();
    if (interruption.exitCode !== undefined) return interruption.exitCode;
    console.error(`atelier: ${explain(error)}`);
    if (options.json) console.log(JSON.stringify(failureReport(options, error)));
    return FAILED;
  } finally {
    await telemetry.shutdown();
    interruption.dispose();
  }
}

function explain(error: unknown): string {
  if (error instanceof RpcError) return `${error.message} (${error.reason})`;
  return error instanceof Error ? error.message : String(error);
}
