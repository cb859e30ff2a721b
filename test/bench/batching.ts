/** What sharing a run brings: time of a step of 1, 2, 4 and 8 pictures in one run, against one run each. */

import { availableParallelism } from 'node:os';
import { median, rounded } from '@atelier/metrics';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { isBatchInvariant, probe } from '../../services/diffusion/src/invariance.ts';
import { DENOISER_ROLE, loadDenoiser } from '../../services/diffusion/src/model.ts';
import type { Benchmark, Figures } from './benchmark.ts';

const PICTURES = [1, 2, 4, 8];
/** With and without classifier-free guidance: a guided picture has two rows of its own. */
const ROWS = [1, 2];
/** Hidden states of a short prompt. */
const STATES = 32;
/** Rounds over all sizes, so that a slow moment of the machine hits them alike. */
const ROUNDS = 5;

export const benchmark: Benchmark = {
  about: 'Steps of several pictures in one run of the denoiser, against one run each.',
  async run(log) {
    const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath(), {
      roles: [DENOISER_ROLE],
    });
    const denoiser = await loadDenoiser(bundle, { threads: availableParallelism() });
    const figures: Record<string, Figures> = {};
    try {
      for (const rows of ROWS) {
        const times = new Map(PICTURES.map((count) => [count, [] as number[]]));
        for (let round = -1; round < ROUNDS; round++) {
          for (const count of PICTURES) {
            const pictures = Array.from({ length: count }, (_, seed) => probe(denoiser, seed, rows, STATES));
            const { computeMs } = await denoiser.predict(pictures);
            if (round >= 0) times.get(count)?.push(computeMs / count); // the first round warms
          }
        }
        const alone = median(times.get(1) ?? []);
        for (const count of PICTURES) {
          const perPicture = median(times.get(count) ?? []);
          const sameBits = count === 1 || (await isBatchInvariant(denoiser, count, rows, STATES));
          figures[`${rows === 2 ? 'guided' : 'plain'}${count}`] = {
            stepMsPerPicture: rounded(perPicture),
            throughputRatio: rounded(alone / perPicture),
            bits: sameBits ? 'same' : 'differ',
          };
        }
        log(`${rows} rows a picture: done`);
      }
    } finally {
      await denoiser.close();
    }
    const usable = Object.values(figures).filter(({ bits }) => bits === 'same');
    return {
      throughputRatio: Math.max(...usable.map(({ throughputRatio }) => throughputRatio as number)),
      threads: availableParallelism(),
      ...figures,
    };
  },
};
