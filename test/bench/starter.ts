/** What the starter models can draw: 500 held-out prompts, drawn by the mesh, judged by a classifier that shares nothing with it. */
import { createAtelier } from '@atelier/client';
import { GenerationState, ImageFormat, SuperResolutionService } from '@atelier/contracts';
import { type Mesh, startMesh } from '@atelier/local-mesh';
import { frechetDistance, median, rounded } from '@atelier/metrics';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { createClient } from '@atelier/rpc';
import { composeScene, renderRgb, score } from '@atelier/scenes';
import { type Judgement, openJudge } from '@atelier/vision-language';
import type { Benchmark } from './benchmark.ts';
import { drawAll } from './starter/draw.ts';
import { measureEnlargement } from './starter/enlarge.ts';
import { heldOutPrompts } from './starter/prompts.ts';
import { measureRetrieval } from './starter/retrieval.ts';

/** Fewer for a quick look: ATELIER_BENCH_PROMPTS=50. */
const PROMPTS = Number(process.env.ATELIER_BENCH_PROMPTS ?? 500);
const ENLARGED = 24;
const TIMED = 5;

export const benchmark: Benchmark = {
  about: `${PROMPTS} held-out prompts drawn at 64×64 with default settings, each with its own seed, judged against what they state.`,
  async run(log) {
    const prompts = heldOutPrompts(PROMPTS);
    const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath());
    const judge = await openJudge(bundle);
    const renders: Judgement[] = [];
    const others: Judgement[] = [];
    for (const { seed } of prompts) {
      renders.push(await judge.judge(await renderRgb(composeScene(seed), 64)));
      others.push(await judge.judge(await renderRgb(composeScene(seed + PROMPTS), 64)));
    }
    const mesh = await startMesh({ freePorts: true });
    try {
      const generated = await drawAll(mesh, prompts, log);
      const judged: Judgement[] = [];
      for (const rgb of generated) judged.push(await judge.judge(rgb));
      const against = (pictures: readonly Judgement[]) =>
        roundAll(score(prompts.map(({ stated }, i) => ({ stated, seen: (pictures[i] as Judgement).seen }))));
      const features = (pictures: readonly Judgement[]) => pictures.map((picture) => picture.features);
      const shifted = [...judged.slice(1), judged[0] as Judgement];
      const retrieval = await measureRetrieval(bundle, (scenes) => drawAll(mesh, scenes, log));
      const enlarged = await enlargement(mesh);
      return {
        prompts: PROMPTS,
        ...against(judged),
        judgeOnRenders: against(renders),
        chance: against(shifted),
        ...roundAll({ ...retrieval }),
        frechet: rounded(frechetDistance(features(judged), features(renders))),
        frechetFloor: rounded(frechetDistance(features(others), features(renders))),
        srPsnrGainDb: rounded(enlarged.modelDb - enlarged.bicubicDb),
        srPsnrDb: roundAll(enlarged),
        secondsPerPicture: rounded(await secondsPerPicture(mesh)),
      };
    } finally {
      await mesh.stop();
      await judge.close();
    }
  },
};

const roundAll = <K extends string>(figures: Record<K, number>): Record<K, number> =>
  Object.fromEntries(
    Object.entries<number>(figures).map(([key, value]) => [key, Math.round(value * 1000) / 1000]),
  ) as Record<K, number>;

async function enlargement(mesh: Mesh) {
  const client = createClient(SuperResolutionService, { address: mesh.address('super-resolution') });
  const seeds = Array.from({ length: ENLARGED }, (_, i) => 90_000 + i);
  const format = ImageFormat.RGB8;
  const result = await measureEnlargement(async (data) => {
    const image = { width: 64, height: 64, format, data };
    return (await client.upscaleImage({ image, targetSize: 1024, format })).image?.data as Uint8Array;
  }, seeds);
  client.close();
  return result;
}

/** From the call to the finished 1024×1024 picture through all services, default settings, median. */
async function secondsPerPicture(mesh: Mesh): Promise<number> {
  const atelier = createAtelier({ address: mesh.address('orchestrator') });
  const seconds: number[] = [];
  for (const { seed, text } of heldOutPrompts(TIMED)) {
    const began = performance.now();
    const { state } = await atelier.generate({ prompt: text, seed }, { previews: false });
    if (state !== GenerationState.SUCCEEDED) throw new Error(`"${text}" ended in state ${state}`);
    seconds.push((performance.now() - began) / 1000);
  }
  atelier.close();
  return median(seconds);
}
