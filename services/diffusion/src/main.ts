import { sessionSettings } from '@atelier/inference/service';
import { openBundle } from '@atelier/models';
import { runService } from '@atelier/process';
import { config } from './config.ts';
import { StepEngine } from './engine.ts';
import { DENOISER_ROLE, loadDenoiser } from './model.ts';
import { FairPolicy } from './policy.ts';
import { diffusionService } from './service.ts';
import { warm } from './warm.ts';

await runService({
  name: 'diffusion',
  config,
  start: async ({ config }) => {
    const bundle = await openBundle(config.modelBundle, { roles: [DENOISER_ROLE] });
    const denoiser = await loadDenoiser(bundle, sessionSettings(config));
    const engine = new StepEngine(denoiser, {
      maxDrawings: config.diffusionMaxDrawings,
      maxBatch: config.diffusionMaxBatch,
      policy: new FairPolicy((caller) => config.diffusionCallerWeights.get(caller) ?? 1),
    });
    return {
      bindings: [diffusionService(denoiser, engine)],
      address: config.listenAddress,
      warm: () => warm(denoiser, engine),
      close: () => denoiser.close(),
    };
  },
});
