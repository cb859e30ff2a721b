/** `npm run evaluate`: a candidate model in, figures, a report and a verdict out; or the pages on which people rate. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { openBundle } from '@atelier/models';
import { z } from 'zod';
import { type Evaluation, evaluate } from './evaluate.ts';
import { serveRating } from './human/server.ts';
import { openOnnxExtractor } from './judge/extractor.ts';
import { openEyes } from './judge/eyes.ts';
import { openNeutral, openWanted } from './measure/people.ts';
import { openSafetySets } from './measure/safety.ts';
import { type Command, readCommand, USAGE } from './options.ts';
import { conclude } from './promotion.ts';
import { writeReport } from './report/write.ts';
import { openPromptSet } from './sets/open.ts';
import type { Threshold } from './verdict.ts';

type EvaluateCommand = Extract<Command, { verb: 'evaluate' }>;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const ThresholdsSchema = z.array(
  z.object({ name: z.string(), min: z.number().optional(), max: z.number().optional() }),
);

async function openThresholds(path?: string): Promise<Threshold[]> {
  const at = path ?? new URL('../sets/thresholds.json', import.meta.url);
  return ThresholdsSchema.parse(JSON.parse(await readFile(at, 'utf8')));
}

async function measure(command: EvaluateCommand): Promise<Evaluation> {
  const { candidate, features, pixels } = command;
  const extractor = features === undefined ? undefined : await openOnnxExtractor(features, { range: pixels });
  const eyes = await openEyes(await openBundle(command.judge, { roles: [] }), extractor);
  try {
    return await evaluate({
      production: await openBundle(command.production),
      candidate: candidate === undefined ? undefined : await openBundle(candidate),
      task: {
        set: await openPromptSet(command.prompts, command.most),
        drawing: { size: command.size, steps: command.steps, concurrency: command.concurrency },
        safety: await openSafetySets(command.unsafe, command.harmless),
        people: {
          prompts: await openNeutral(command.neutral),
          seeds: command.neutralSeeds,
          wanted: await openWanted(command.wanted),
        },
        pricePerCoreHour: command.price,
      },
      eyes,
      thresholds: await openThresholds(command.thresholds),
      reference: command.reference,
      out: command.out,
      log: tell,
    });
  } finally {
    await eyes.close();
  }
}

/** Exit status: 0 within thresholds or promoted, 1 refused. */
async function runEvaluation(command: EvaluateCommand): Promise<number> {
  const evaluation = await measure(command);
  const { content, page } = await writeReport(evaluation);
  const { verdict } = evaluation;
  if (command.candidate !== undefined) {
    const { registry, nats: natsUrl } = command;
    const candidate = await openBundle(command.candidate);
    await conclude({ candidate, verdict, registry, natsUrl, seedFile: process.env.NATS_SEED_FILE });
  }
  if (command.json) console.log(JSON.stringify(content));
  else console.log([verdict.decision, ...verdict.reasons].join('\n  '));
  tell(`report: ${page}`);
  return verdict.decision === 'promote' ? 0 : 1;
}

async function runRating({ run, listen }: Extract<Command, { verb: 'rate' }>): Promise<number> {
  const server = await serveRating(run, listen);
  tell(
    `http://${server.address}/ asks people about ${run}; Ctrl-C ends it, the next evaluation reports what they said`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
  return 0;
}

async function main(): Promise<number> {
  let command: Command;
  try {
    command = readCommand(process.argv.slice(2));
  } catch (error) {
    tell(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  return command.verb === 'rate' ? await runRating(command) : await runEvaluation(command);
}

process.exitCode = await main();
