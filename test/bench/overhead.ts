/** What the mesh costs over ONNX Runtime: a generation from call to picture, against the same graphs alone. */

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAtelier } from '@atelier/client';
import { type Generation, GenerationState, TextEncoderService } from '@atelier/contracts';
import { type BaselineGraph, measureBaseline } from '@atelier/inference/baseline';
import { cpuMs, type Mesh, startMesh } from '@atelier/local-mesh';
import { median, rounded } from '@atelier/metrics';
import { type Bundle, defaultBundlePath, openBundle } from '@atelier/models';
import { readSpanFile } from '@atelier/process';
import { createClient } from '@atelier/rpc';
import { z } from 'zod';
import { ROLE as HARM_ROLE } from '../../services/harm-detection/src/classifiers/bundled.ts';
import { INPUT_SIDE, nsfwModel } from '../../services/harm-detection/src/classifiers/nsfwjs-weights.ts';
import type { Benchmark } from './benchmark.ts';

/** The first warms what only a whole generation warms; the others are measured. Different, so that nothing is cached. */
const PROMPTS = [
  'A house in a meadow',
  'A boat on an ocean',
  'A red circle on blue',
  'An old man with glasses',
];
const SIZE = 1024;
/** Tokens that the text encoder pads a short prompt to. */
const TEXT_WIDTH = 32;

export const benchmark: Benchmark = {
  about: `One ${SIZE} × ${SIZE} picture through the mesh, against the pure time of its ONNX graphs in one process.`,
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'atelier-bench-'));
    const traceFile = join(folder, 'trace.jsonl');
    const mesh = await startMesh({ freePorts: true, env: { ATELIER_TRACE_FILE: traceFile } });
    const generations: { endToEndMs: number; cpu: Record<string, number>; generation: Generation }[] = [];
    let states: number;
    try {
      const encoder = createClient(TextEncoderService, { address: mesh.address('text-encoder') });
      const { embeddings } = await encoder.encodeText({ texts: [''] });
      states = embeddings[0]?.mask?.shape[0] ?? 0;
      encoder.close();
      const atelier = createAtelier({ address: mesh.address('orchestrator') });
      for (const [seed, prompt] of PROMPTS.entries()) {
        const cpuBefore = processorTimes(mesh);
        const began = performance.now();
        const generation = await atelier.generate(
          { prompt, seed, size: SIZE, enhance: false },
          { previews: false },
        );
        const endToEndMs = performance.now() - began;
        if (generation.state !== GenerationState.SUCCEEDED)
          throw new Error(`"${prompt}" ended in state ${generation.state}`);
        log(`${prompt}: ${Math.round(endToEndMs)} ms`);
        const cpu = processorTimes(mesh);
        for (const name of Object.keys(cpu)) cpu[name] = (cpu[name] ?? 0) - (cpuBefore[name] ?? 0);
        if (seed > 0) generations.push({ endToEndMs, cpu, generation });
      }
      atelier.close();
    } finally {
      await mesh.stop();
    }
    const spans = readSpanFile(traceFile);
    await rm(folder, { recursive: true });

    const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath());
    const screenings = median(
      generations.map(
        ({ generation }) =>
          spans.filter(
            (span) =>
              span.traceId === generation.traceId && span.service === 'harm-detection' && span.kind === 2,
          ).length,
      ),
    );
    const steps = generations[0]?.generation.steps ?? 0;
    log(`the same graphs in one process, ${steps} denoising steps`);
    const { onnxMs, onnxCpuMs, graphs } = await measureBaseline(
      [...graphsOf(bundle, steps, states), ...(await harmGraphs(bundle, screenings))],
      {
        threads: availableParallelism(),
      },
    );

    const endToEndMs = median(generations.map((measured) => measured.endToEndMs));
    const cpuTotal = (cpu: Record<string, number>) => Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
    const endToEndCpuMs = median(generations.map(({ cpu }) => cpuTotal(cpu)));
    const stages = stageMedians(generations.map(({ generation }) => generation));
    return {
      endToEndMs: rounded(endToEndMs),
      onnxMs: rounded(onnxMs),
      ratio: rounded(endToEndMs / onnxMs),
      endToEndCpuMs: rounded(endToEndCpuMs),
      onnxCpuMs: rounded(onnxCpuMs),
      cpuRatio: rounded(endToEndCpuMs / onnxCpuMs),
      servicesCpuMs: Object.fromEntries(
        Object.keys(generations[0]?.cpu ?? {}).map((name) => [
          name,
          rounded(median(generations.map(({ cpu }) => cpu[name] ?? 0))),
        ]),
      ),
      steps,
      stagesMs: stages,
      graphsMs: Object.fromEntries(Object.entries(graphs).map(([name, ms]) => [name, rounded(ms)])),
    };
  },
};

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

/** Median duration of each stage, milliseconds. */
function stageMedians(generations: readonly Generation[]): Record<string, number> {
  const times = new Map<string, number[]>();
  for (const { stages } of generations)
    for (const { name, durationMs = 0 } of stages) times.set(name, [...(times.get(name) ?? []), durationMs]);
  return Object.fromEntries([...times].map(([name, ms]) => [name, rounded(median(ms))]));
}
