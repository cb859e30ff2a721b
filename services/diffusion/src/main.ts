import { GenerateImageRequestSchema, isMessage, type Message } from '@atelier/contracts';
import { sessionSettings } from '@atelier/inference/service';
import { openBundle } from '@atelier/models';
import { runService } from '@atelier/process';
import { type LoadedModel, rollover } from '@atelier/rollover';
import { config } from './config.ts';
import { StepEngine } from './engine.ts';
import { DECODER_ROLE, loadDecoder } from './latent-decoder.ts';
import { ENCODER_ROLE, loadEncoder } from './latent-encoder.ts';
import { observeDrawings } from './metrics.ts';
import { DENOISER_ROLE, loadDenoiser } from './model.ts';
import { FairPolicy } from './policy.ts';
import { loadPrior, PRIOR_ROLE } from './prior.ts';
import { readProfiles } from './profiles.ts';
import { diffusionService } from './service.ts';
import { warm } from './warm.ts';

await runService({
  name: 'diffusion',
  config,
  start: async ({ config, log, shutdown }) => {
    const engines = new Set<StepEngine>();
    observeDrawings(() => [...engines].reduce((sum, { size }) => sum + size, 0));
    const load = async (folder: string): Promise<LoadedModel> => {
      const present = await openBundle(folder, { roles: [] });
      const roles = [
        DENOISER_ROLE,
        ...[DECODER_ROLE, ENCODER_ROLE, PRIOR_ROLE].filter((role) => present.has(role)),
      ];
      const bundle = await openBundle(folder, { roles });
      const missing = bundle.missing(DENOISER_ROLE);
      if (missing.length > 0)
        log.warn(
          { missing },
          'this machine lacks instructions that the denoiser counts on: its plain model is used',
        );
      const profiles = readProfiles(bundle, config.diffusionTargetSeconds);
      const denoiser = await loadDenoiser(bundle, {
        ...sessionSettings(config),
        lanes: config.diffusionLanes,
      });
      const tilePixels = config.diffusionDecoderTilePixels;
      const decoder = await loadDecoder(bundle, { ...sessionSettings(config), tilePixels });
      const encoder = await loadEncoder(bundle, sessionSettings(config));
      const prior = await loadPrior(bundle, sessionSettings(config));
      const engine = new StepEngine(denoiser, {
        maxDrawings: config.diffusionMaxDrawings,
        maxBatch: config.diffusionMaxBatch,
        policy: new FairPolicy((caller) => config.diffusionCallerWeights.get(caller) ?? 1),
      });
      engines.add(engine);
      return {
        bindings: [diffusionService(denoiser, engine, { decoder, encoder, prior }, profiles)],
        warm: () => warm(denoiser, engine, decoder),
        close: async () => {
          engines.delete(engine);
          await denoiser.close();
          await decoder.close();
          await encoder?.close();
          await prior?.close();
        },
      };
    };
    const wanted = (request: Message) =>
      isMessage(request, GenerateImageRequestSchema) ? request.bundleVersion : '';
    const service = await rollover({ path: config.modelBundle, load, log, shutdown, wanted });
    return { ...service, address: config.listenAddress };
  },
});
