/** `helm test`: draws a picture through the mesh and says what is wrong with it, or with its trace. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createAtelier } from '@atelier/client';
import { processConfig, tlsFiles } from '@atelier/process';
import { useMeshTls } from '@atelier/rpc';
import { checkPicture } from './check-picture.ts';
import { type JaegerTrace, missingEdges } from './jaeger-trace.ts';

const { values } = parseArgs({
  options: {
    prompt: { type: 'string', default: 'A boat on an ocean' },
    /** Side of the picture in pixels. */
    size: { type: 'string', default: '1024' },
    'timeout-seconds': { type: 'string', default: '180' },
    /** Jaeger's query service, for example http://jaeger-query:16686; default: the trace isn't looked for. */
    jaeger: { type: 'string' },
  },
});
const signal = AbortSignal.timeout(Number(values['timeout-seconds']) * 1_000);
useMeshTls(tlsFiles(processConfig.load(process.env)));
const credentialFile = process.env.ATELIER_CREDENTIAL_FILE;
const atelier = createAtelier({
  name: 'verification',
  credential: credentialFile ? (await readFile(credentialFile, 'utf8')).trim() : '',
  address: process.env.ATELIER_ORCHESTRATOR_ADDRESS || '127.0.0.1:7400',
});

/** What the trace lacks; spans arrive in batches, hence the patience. */
async function traceProblems(jaeger: string, traceId: string): Promise<string[]> {
  let missing = ['no trace'];
  for (let i = 0; i < 20 && missing.length > 0; i++) {
    await sleep(1_000, undefined, { signal });
    const response = await fetch(`${jaeger}/api/traces/${traceId}`, { signal });
    const [trace] = response.ok ? ((await response.json()) as { data: JaegerTrace[] }).data : [];
    if (trace) missing = missingEdges(trace);
  }
  return missing.map((edge) => `the trace lacks ${edge}`);
}

try {
  const size = Number(values.size);
  const generation = await atelier.generate(
    { prompt: values.prompt, seed: 7, size, enhance: true },
    { previews: false, signal },
  );
  const problems = await checkPicture(generation, size);
  if (values.jaeger) problems.push(...(await traceProblems(values.jaeger, generation.traceId)));
  const { id, traceId } = generation;
  console.log(JSON.stringify({ generation: id, trace_id: traceId, problems }));
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  atelier.close();
}
