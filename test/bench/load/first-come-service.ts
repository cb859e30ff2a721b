/** The diffusion service of a pixel-space bundle with the baseline's policy in place of its own; the rest is the same code. */
import { sessionSettings } from '@atelier/inference/service';
import { openBundle } from '@atelier/models';
import { runService } from '@atelier/process';
import { config } from '../../../services/diffusion/src/config.ts';
import { pixelDecoder } from '../../../services/diffusion/src/decoder.ts';
import { StepEngine } from '../../../services/diffusion/src/engine.ts';
import { DENOISER_ROLE, loadDenoiser } from '../../../services/diffusion/src/model.ts';
import { diffusionService } from '../../../services/diffusion/src/service.ts';
import { warm } from '../../../services/diffusion/src/warm.ts';
import { FirstCome } from './first-come.ts';

await runService({
  name: 'diffusion',
  config,
  start: async ({ config }) => {
    const bundle = await openBundle(config.modelBundle, { roles: [DENOISER_ROLE] });
    const denoiser = await loadDenoiser(bundle, sessionSettings(config));
    const engine = new StepEngine(denoiser, {
      maxDrawings: config.diffusionMaxDrawings,
      maxBatch: 1,
      policy: new FirstCome(),
    });
    return {
      bindings: [diffusionService(denoiser, engine)],
      address: config.listenAddress,
      warm: () => warm(denoiser, engine, pixelDecoder),
      close: () => denoiser.close(),
    };
  },
});
