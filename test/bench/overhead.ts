/** What the mesh costs over ONNX Runtime: a generation from call to picture, against the same graphs alone. */

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Atelier, createAtelier } from '@atelier/client';
import { type Generation, GenerationState, TextEncoderService } from '@atelier/contracts';
import {
  type Baseline,
  type BaselineGraph,
  type BaselineTimes,
  openBaseline,
} from '@atelier/inference/baseline';
import { cpuMs, type Mesh, startMesh } from '@atelier/local-mesh';
import { median, rounded } from '@atelier/metrics';
import { type Bundle, defaultBundlePath, openBundle } from '@atelier/models';
import { type RecordedSpan, readSpanFile } from '@atelier/process';
import { createClient } from '@atelier/rpc';
import { z } from 'zod';
import { ROLE as HARM_ROLE } from '../../services/harm-detection/src/classifiers/bundled.ts';
import { INPUT_SIDE, nsfwModel } from '../../services/harm-detection/src/classifiers/nsfwjs-weights.ts';
import type { Benchmark } from './benchmark.ts';

/**
 * The first ones warm what only whole generations warm; V8 still compiles while they are drawn, as `warmingMs` shows. The others
 * are measured. Different, so that nothing is cached.
 */
const PROMPTS = [
  'A red car in a desert',
  'A lighthouse on a cliff',
  'A brown dog on a beach',
  'Three balloons in the sky',
  'A woman with a blue hat',
  'A house in a meadow',
  'A boat on an ocean',
  'A red circle on blue',
  'An old man with glasses',
  'A yellow flower in a vase',
  'A green bus on a street',
  'Mountains behind a lake',
  'A white cat on a chair',
  'Two apples on a table',
  'A castle on a hill',
];
const WARMING = 8;
const SIZE = 1024;
/** Tokens that the text encoder pads a short prompt to. */
const TEXT_WIDTH = 32;
/** OpenTelemetry's kind of a span that answers a call. */
const SERVER = 2;

interface Measured {
  endToEndMs: number;
  /** Processor time by service, milliseconds. */
  cpu: Record<string, number>;
  generation: Generation;
}

export const benchmark: Benchmark = {
  about: `${SIZE} × ${SIZE} pictures through the mesh, each before the pure time of its ONNX graphs in one process.`,
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'atelier-bench-'));
    const traceFile = join(folder, 'trace.jsonl');
    const mesh = await startMesh({ freePorts: true, env: { ATELIER_TRACE_FILE: traceFile } });
    const pairs: (Measured & BaselineTimes & { ratio: number; cpuRatio: number })[] = [];
    const atelier = createAtelier({ address: mesh.address('orchestrator') });
    const warmingMs: number[] = [];
    let baseline: Baseline | undefined;
    try {
      const states = await statesOf(mesh);
      for (const [seed, prompt] of PROMPTS.entries()) {
        const measured = await draw(atelier, mesh, prompt, seed);
        if (seed < WARMING) {
          warmingMs.push(measured.endToEndMs);
          continue;
        }
        // Beside each other in time: a machine that others use, too, is half as fast again a minute later.
        baseline ??= await baselineOf(measured.generation, readSpanFile(traceFile), states);
        const pure = await baseline.measure();
        const ratio = measured.endToEndMs / pure.onnxMs;
        const cpuRatio = cpuTotal(measured.cpu) / pure.onnxCpuMs;
        pairs.push({ ...measured, ...pure, ratio, cpuRatio });
        log(
          `${prompt}: ${Math.round(measured.endToEndMs)} ms, ${Math.round(pure.onnxMs)} in ONNX Runtime alone`,
        );
      }
    } finally {
      atelier.close();
      await mesh.stop();
      await baseline?.close();
      await rm(folder, { recursive: true });
    }
    const middle = (value: (pair: (typeof pairs)[number]) => number): number =>
      rounded(median(pairs.map(value)));
    const middles = (
      of: Record<string, unknown>,
      value: (pair: (typeof pairs)[number], name: string) => number,
    ) => Object.fromEntries(Object.keys(of).map((name) => [name, middle((pair) => value(pair, name))]));
    const [first] = pairs as [(typeof pairs)[number]];
    return {
      endToEndMs: middle((pair) => pair.endToEndMs),
      warmingMs: warmingMs.map(Math.round).join(' '),
      onnxMs: middle((pair) => pair.onnxMs),
      ratio: middle((pair) => pair.ratio),
      ratios: pairs.map(({ ratio }) => rounded(ratio)).join(' '),
      endToEndCpuMs: middle(({ cpu }) => cpuTotal(cpu)),
      onnxCpuMs: middle((pair) => pair.onnxCpuMs),
      cpuRatio: middle((pair) => pair.cpuRatio),
      servicesCpuMs: middles(first.cpu, ({ cpu }, name) => cpu[name] ?? 0),
      steps: first.generation.steps,
      stagesMs: middles(
        stagesOf(first.generation),
        ({ generation }, name) => stagesOf(generation)[name] ?? 0,
      ),
      graphsMs: middles(first.graphs, ({ graphs }, name) => graphs[name] ?? 0),
    };
  },
};

async function draw(atelier: Atelier, mesh: Mesh, prompt: string, seed: number): Promise<Measured> {
  const before = processorTimes(mesh);
  const began = performance.now();
  const generation = await atelier.generate(
    { prompt, seed, size: SIZE, enhance: false },
    { previews: false },
  );
  const endToEndMs = performance.now() - began;
  if (generation.state !== GenerationState.SUCCEEDED)
    throw new Error(`"${prompt}" ended in state ${generation.state}`);
  const after = Object.entries(processorTimes(mesh));
  const cpu = Object.fromEntries(after.map(([name, ms]) => [name, ms - (before[name] ?? 0)]));
  return { endToEndMs, cpu, generation };
}

/** How many hidden states the empty prompt has, and with it every short one. */
async function statesOf(mesh: Mesh): Promise<number> {
  const encoder = createClient(TextEncoderService, { address: mesh.address('text-encoder') });
  const { embeddings } = await encoder.encodeText({ texts: [''] });
  encoder.close();
  return embeddings[0]?.mask?.shape[0] ?? 0;
}

/** The graphs that a generation ran, as often as it ran them. */
async function baselineOf(
  { traceId, steps }: Generation,
  spans: readonly RecordedSpan[],
  states: number,
): Promise<Baseline> {
  const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath());
  const screenings = spans.filter(
    (span) => span.traceId === traceId && span.service === 'harm-detection' && span.kind === SERVER,
  ).length;
  const graphs = [...graphsOf(bundle, steps, states), ...(await harmGraphs(bundle, screenings))];
  return await openBaseline(graphs, { threads: availableParallelism() });
}

/** The graphs that draw one picture: the prompt's encoding (the empty negative one is cached), the prior, the steps, the cascade. */
function graphsOf(bundle: Bundle, steps: number, states: number): BaselineGraph[] {
  const { dim } = bundle.config('text_encoder', z.object({ dim: z.int() }));
  const { sampleSize, channels } = bundle.config(
    'denoiser',
    z.object({ sampleSize: z.int(), channels: z.int() }),
  );
  const rows = 2; // with and without the prompt: classifier-free guidance
  return [
    {
      name: 'text_encoder',
      model: bundle.file('text_encoder'),
      shapes: { input_ids: [1, TEXT_WIDTH], attention_mask: [1, TEXT_WIDTH] },
      runs: 1,
    },
    ...(bundle.has('prior')
      ? [
          {
            name: 'prior',
            model: bundle.file('prior'),
            shapes: {
              hidden_states: [1, states, dim],
              negative_hidden_states: [1, states, dim],
              uniform: [1, states],
            },
            runs: 1,
          },
        ]
      : []),
    {
      name: 'denoiser',
      model: bundle.file('denoiser'),
      shapes: {
        sample: [rows, channels, sampleSize, sampleSize],
        timestep: [rows],
        encoder_hidden_states: [rows, states, dim],
        encoder_attention_mask: [rows, states],
        text_embeds: [rows, dim],
      },
      runs: steps,
    },
    ...[256, 1024].map((side) => ({
      name: `super_resolution_${side}`,
      model: bundle.file(`super_resolution_${side}`),
      shapes: { image: [1, channels, side / 4, side / 4] },
      runs: 1,
    })),
  ];
}

/** The classifiers of the picture, as often as the mesh asked them; nsfwjs sees a picture of 64 pixels in two views. */
async function harmGraphs(bundle: Bundle, runs: number): Promise<BaselineGraph[]> {
  const { onnx } = await nsfwModel();
  const nsfwjs = { name: 'nsfwjs', model: onnx, shapes: { image: [2, 3, INPUT_SIDE, INPUT_SIDE] }, runs };
  if (!bundle.has(HARM_ROLE)) return [nsfwjs];
  const { size } = bundle.config(HARM_ROLE, z.object({ size: z.int() }));
  const shapes = { image: [1, 3, size, size] };
  return [nsfwjs, { name: HARM_ROLE, model: bundle.file(HARM_ROLE), shapes, runs }];
}

/** Processor time that each service has taken so far, milliseconds. */
const processorTimes = ({ services }: Mesh): Record<string, number> =>
  Object.fromEntries([...services].map(([name, service]) => [name, cpuMs(service.pid() as number)]));

const cpuTotal = (cpu: Record<string, number>): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0);

/** Duration of each stage, milliseconds. */
const stagesOf = ({ stages }: Generation): Record<string, number> =>
  Object.fromEntries(stages.map(({ name, durationMs = 0 }) => [name, durationMs]));
