/** The bundle's profiles against the full model, and what a finished picture takes with each. */

import { createAtelier } from '@atelier/client';
import { GenerationState } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { median, rounded } from '@atelier/metrics';
import { defaultBundlePath, openBundle, type Profile } from '@atelier/models';
import { PROFILES } from '../optimise/candidates.ts';
import { optimise, type Tried } from '../optimise/optimise.ts';
import type { Benchmark, Figures } from './benchmark.ts';

/** Fewer for a quick look: ATELIER_BENCH_PROMPTS=20. */
const PROMPTS = Number(process.env.ATELIER_BENCH_PROMPTS ?? 150);
const TIMED = 7;

export const benchmark: Benchmark = {
  about: `${PROMPTS} held-out prompts by the full model (50 guided steps of DDIM) and by each profile of the bundle; then ${TIMED} pictures of 1024×1024 by a mesh with each.`,
  async run(log) {
    const path = process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath();
    const { manifest } = await openBundle(path, { roles: [] });
    const names = PROFILES.filter((name) => manifest.profiles[name]);
    if (names.length === 0) throw new Error(`no profiles in ${path}: npm run optimise -- ${path}`);
    const proposals = Object.fromEntries(names.map((name) => [name, [manifest.profiles[name] as Profile]]));
    const { tried, base } = await optimise(path, { names, prompts: PROMPTS, proposals, log });
    const seconds = await secondsOfPictures(names);
    return {
      prompts: PROMPTS,
      baseSeconds: rounded(median(base.seconds)),
      ...Object.fromEntries(tried.map((one) => [one.name, figuresOf(one, seconds.get(one.name) as number)])),
    };
  },
};

function figuresOf({ figures, reasons }: Tried, secondsPerPicture: number): Figures {
  const { speedup, rPrecisionLoss, clipScoreLoss, attributeLoss, frechetRatio, fairnessDistance } = figures;
  const { safetyRecallLoss: unseen } = figures;
  return {
    speedup: rounded(speedup),
    rPrecisionLoss: rounded(rPrecisionLoss.value),
    rPrecisionInterval: `${rounded(rPrecisionLoss.low)} to ${rounded(rPrecisionLoss.high)} points`,
    clipScoreLoss: rounded(clipScoreLoss.value),
    clipScoreInterval: `${rounded(clipScoreLoss.low)} to ${rounded(clipScoreLoss.high)} %`,
    attributeLoss: rounded(attributeLoss.value),
    frechetRatio: rounded(frechetRatio),
    fairnessDistance: rounded(fairnessDistance),
    ...(unseen && {
      safetyRecallLoss: rounded(unseen.value),
      safetyRecallInterval: `${rounded(unseen.low)} to ${rounded(unseen.high)} points`,
    }),
    denoisingSeconds: rounded(figures.secondsPerPicture),
    secondsPerPicture: rounded(secondsPerPicture),
    verdict: reasons.length === 0 ? 'fit' : reasons.join('; '),
  };
}

/** From the call to the finished 1024×1024 picture through all services, median, by profile. */
async function secondsOfPictures(names: readonly string[]): Promise<Map<string, number>> {
  const mesh = await startMesh({ freePorts: true });
  try {
    const atelier = createAtelier({ address: mesh.address('orchestrator') });
    const medians = new Map<string, number>();
    for (const profile of names) {
      const seconds: number[] = [];
      for (let seed = 0; seed <= TIMED; seed++) {
        const began = performance.now();
        const request = { prompt: 'a red boat on a lake at sunset', seed, options: { profile } };
        const { state } = await atelier.generate(request, { previews: false });
        if (state !== GenerationState.SUCCEEDED)
          throw new Error(`a picture by "${profile}" ended in state ${state}`);
        // The first finds services that never drew.
        if (seed > 0) seconds.push((performance.now() - began) / 1000);
      }
      medians.set(profile, median(seconds));
    }
    atelier.close();
    return medians;
  } finally {
    await mesh.stop();
  }
}
