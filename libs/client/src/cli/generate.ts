/** One run of the command: a root span, completions, a generation, its pictures on disk. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type GeneratedImage, type Generation, GenerationState } from '@atelier/contracts';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Atelier, CreateGeneration } from '../client.ts';
import { enumName } from './enum-name.ts';
import type { Options } from './options.ts';
import { outputPath } from './output-path.ts';
import type { Progress } from './progress.ts';
import { createReport, type Report } from './report.ts';

export interface GenerateContext {
  atelier: Atelier;
  progress: Progress;
  signal: AbortSignal;
  /** What relative paths are relative to. */
  cwd: string;
}

/** Completions shown. */
const SEE_ALSO = 3;

/** Draw what the options ask for. Throws RpcError where a call fails; a blocked generation is a report. */
export async function generate(options: Options, context: GenerateContext): Promise<Report> {
  return await trace
    .getTracer('@atelier/client')
    .startActiveSpan('generate', { kind: SpanKind.CLIENT }, async (span) => {
      const began = performance.now();
      try {
        const [generation, seeAlso] = await Promise.all([
          context.atelier.generate(await requestOf(options, context.cwd), {
            previews: false,
            signal: context.signal,
            onEvent: (event) => context.progress.event(event),
          }),
          completions(context.atelier, options.request.prompt),
        ]);
        const totalMs = performance.now() - began;
        span.setAttribute('atelier.generation.id', generation.id);
        if (generation.state !== GenerationState.SUCCEEDED)
          span.setStatus({
            code: SpanStatusCode.ERROR,
            message: enumName(GenerationState, generation.state),
          });
        const paths = await writeImages(generation, options, context.cwd);
        const traceId = generation.traceId || span.spanContext().traceId;
        return createReport({ generation, paths, traceId, totalMs, seeAlso });
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}

/** The request with the pictures that the options name. Throws an Error that names the option. */
async function requestOf({ request, options, init, mask }: Options, cwd: string): Promise<CreateGeneration> {
  const read = async (option: string, path: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(
      await readFile(resolve(cwd, path)).catch((cause: NodeJS.ErrnoException) => {
        throw new Error(`--${option}: ${path} cannot be read (${cause.code})`, { cause });
      }),
    );
  return {
    ...request,
    options: {
      ...options,
      ...(init !== undefined && { initImage: await read('init', init) }),
      ...(mask !== undefined && { mask: await read('mask', mask) }),
    },
  };
}

/** Other prompts that begin so; none where autocomplete is away: they are an offer, not the job. */
async function completions(atelier: Atelier, prompt: string): Promise<string[]> {
  try {
    return (await atelier.suggest(prompt, { limit: SEE_ALSO })).map(({ text }) => text);
  } catch {
    return [];
  }
}

async function writeImages(
  generation: Generation,
  { out, request }: Options,
  cwd: string,
): Promise<string[]> {
  if (generation.result.case !== 'images') return [];
  const { images } = generation.result.value;
  const paths: string[] = [];
  for (const image of images) {
    const path = outputPath({ out, cwd, prompt: request.prompt, seed: image.seed, count: images.length });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytesOf(image));
    paths.push(path);
  }
  return paths;
}

function bytesOf({ content }: GeneratedImage): Uint8Array {
  if (content.case === 'inline') return content.value.data;
  throw new Error(`the picture is not in the answer but at ${content.value ?? 'no address'}`);
}
