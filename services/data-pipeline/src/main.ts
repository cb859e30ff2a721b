/** `npm run curate`: raw pairs in, curated shards out. */
import { type Mesh, type NatsServer, type ServiceName, startMesh, startNats } from '@atelier/local-mesh';
import { processConfig, tlsFiles } from '@atelier/process';
import { useMeshTls } from '@atelier/rpc';
import { type Crew, queueCrew, soloCrew } from './crew.ts';
import { beginRun, curate } from './curate.ts';
import { type Command, readCommand, USAGE } from './options.ts';
import { plantedItems } from './planted/plan.ts';
import { type Scores, scoresOf } from './planted/score.ts';
import { progressBar, timed } from './progress.ts';
import { FILES, type Run } from './run.ts';
import type { Decided } from './stages/decide.ts';
import { readJson, readLines } from './store/store.ts';
import { startWorkers, type Workers } from './workers.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** Addresses of the services that the run asks: those of the environment, else a private mesh. */
async function askedServices(
  command: Command,
): Promise<{ addresses: Map<ServiceName, string>; mesh: Mesh | null }> {
  const wanted: ServiceName[] = [
    ...(command.safety ? (['prompt-safety'] as const) : []),
    ...(command.safety && command.harmImages ? (['harm-detection'] as const) : []),
  ];
  const addresses = new Map<ServiceName, string>();
  for (const name of wanted) {
    const address = process.env[`ATELIER_${name.toUpperCase().replaceAll('-', '_')}_ADDRESS`];
    if (address) addresses.set(name, address);
  }
  const missing = wanted.filter((name) => !addresses.has(name));
  if (missing.length === 0) {
    useMeshTls(tlsFiles(processConfig.load(process.env)));
    return { addresses, mesh: null };
  }
  const mesh = await startMesh({ services: missing, freePorts: true, env: { ATELIER_LOG_LEVEL: 'warn' } });
  for (const name of missing) addresses.set(name, mesh.address(name));
  return { addresses, mesh };
}

async function main(command: Command): Promise<void> {
  const began = performance.now();
  const { addresses, mesh } = await askedServices(command);
  let nats: NatsServer | null = null;
  let workers: Workers | null = null;
  let crew: Crew | null = null;
  try {
    const run = await beginRun({
      ...command.run,
      promptSafety: addresses.get('prompt-safety') ?? '',
      harmDetection: addresses.get('harm-detection') ?? '',
    });
    if (command.workers > 0) {
      nats = await startNats({});
      const hands = startWorkers(command.workers, nats.url, tell);
      workers = hands;
      crew = await queueCrew(run, nats.url, () => hands.failure());
    } else crew = soloCrew(run);
    const { onProgress, stageSeconds } = timed(progressBar(process.stderr));
    const figures = await curate(run, crew, onProgress);
    const scores = await plantedScores(run);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    if (command.json)
      console.log(
        JSON.stringify({
          ...figures,
          ...(scores && { scores }),
          seconds,
          stageSeconds,
          out: run.store.where,
        }),
      );
    else
      print(
        figures.reasons,
        scores,
        `${figures.kept} of ${figures.items} kept in ${figures.shards} shards, ${seconds} s: ${run.store.where}`,
      );
  } finally {
    await crew?.close();
    await workers?.stop();
    await nats?.stop();
    await mesh?.stop();
  }
}

async function plantedScores({ options, store }: Run): Promise<Scores | null> {
  if (!options.planted) return null;
  const { chunks } = await readJson<{ chunks: number[] }>(store, FILES.plan);
  const lines: Decided[] = [];
  for (const chunk of chunks.keys()) lines.push(...(await readLines<Decided>(store, FILES.decided(chunk))));
  // Captions were held against pictures when some line has a figure.
  const relevance = lines.some((line) => line.relevance !== null);
  return scoresOf(plantedItems(options.planted, 0, options.planted.count), lines, relevance);
}

function print(reasons: object, scores: Scores | null, summary: string): void {
  for (const [reason, count] of Object.entries(reasons))
    console.log(`${reason.padEnd(20)} ${String(count).padStart(8)}`);
  if (scores)
    console.log(`\n${'planted'.padEnd(20)} ${'items'.padStart(8)} ${'recall'.padStart(8)} precision`);
  for (const [defect, score] of Object.entries(scores ?? {}))
    console.log(
      score
        ? `${defect.padEnd(20)} ${String(score.planted).padStart(8)} ${score.recall.toFixed(4).padStart(8)} ${score.precision.toFixed(4)}`
        : `${defect.padEnd(20)} not scored: no dual encoder`,
    );
  console.log(`\n${summary}`);
}

let command: Command | undefined;
try {
  command = readCommand(process.argv.slice(2));
} catch (error) {
  tell(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
if (command)
  await main(command).catch((error: unknown) => {
    tell(`curate: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
