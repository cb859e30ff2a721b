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

/** One client for each service, and `close` for all of them. */
export function connectServices(addresses: Addresses) {
  const name = 'orchestrator';
  const clients = {
    promptSafety: createClient(PromptSafetyService, { address: addresses.promptSafetyAddress, name }),
    promptEnhancement: createClient(PromptEnhancementService, {
      address: addresses.promptEnhancementAddress,
      name,
    }),
    textEncoder: createClient(TextEncoderService, { address: addresses.textEncoderAddress, name }),
    diffusion: createClient(DiffusionService, { address: addresses.diffusionAddress, name }),
    harmDetection: createClient(HarmDetectionService, { address: addresses.harmDetectionAddress, name }),
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
