/** The services that do the stages. */
import {
  DiffusionService,
  HarmDetectionService,
  PromptEnhancementService,
  PromptSafetyService,
  SuperResolutionService,
  TextEncoderService,
} from '@atelier/contracts';
import { createClient } from '@atelier/rpc';
import type { Config } from './config.ts';

type Addresses = Pick<
  Config,
  | 'promptSafetyAddress'
  | 'promptEnhancementAddress'
  | 'textEncoderAddress'
  | 'diffusionAddress'
  | 'harmDetectionAddress'
  | 'superResolutionAddress'
>;

/**
 * When another replica is asked too, milliseconds: ten times what verdicts and embeddings take on a busy machine, a tenth of the
 * keepalive that finds out that a replica has stopped.
 */
const HEDGE_AFTER_MS = 500;

/** One client for each service, and `close` for all of them. */
export function connectServices(addresses: Addresses) {
  const name = 'orchestrator';
  const hedged = { name, hedgeAfterMs: HEDGE_AFTER_MS };
  const clients = {
    promptSafety: createClient(PromptSafetyService, { address: addresses.promptSafetyAddress, ...hedged }),
    promptEnhancement: createClient(PromptEnhancementService, {
      address: addresses.promptEnhancementAddress,
      ...hedged,
    }),
    textEncoder: createClient(TextEncoderService, { address: addresses.textEncoderAddress, ...hedged }),
    diffusion: createClient(DiffusionService, { address: addresses.diffusionAddress, name }),
    harmDetection: createClient(HarmDetectionService, { address: addresses.harmDetectionAddress, ...hedged }),
    superResolution: createClient(SuperResolutionService, {
      address: addresses.superResolutionAddress,
      name,
    }),
  };
  const close = (): void => {
    for (const client of Object.values(clients)) client.close();
  };
  return { ...clients, close };
}

export type Services = Omit<ReturnType<typeof connectServices>, 'close'>;
