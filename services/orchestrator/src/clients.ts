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
 * When another replica is asked too, milliseconds: several times what the slowest of a hundred take, a fraction of the keepalive that
 * finds out that a replica has stopped.
 */
const HEDGE_AFTER_MS = { verdict: 100, tensors: 250 };

/** One client for each service, and `close` for all of them. */
export function connectServices(addresses: Addresses) {
  const name = 'orchestrator';
  const judges = { name, hedgeAfterMs: HEDGE_AFTER_MS.verdict };
  const models = { name, hedgeAfterMs: HEDGE_AFTER_MS.tensors };
  const clients = {
    promptSafety: createClient(PromptSafetyService, { address: addresses.promptSafetyAddress, ...judges }),
    promptEnhancement: createClient(PromptEnhancementService, {
      address: addresses.promptEnhancementAddress,
      ...models,
    }),
    textEncoder: createClient(TextEncoderService, { address: addresses.textEncoderAddress, ...models }),
    diffusion: createClient(DiffusionService, { address: addresses.diffusionAddress, name }),
    harmDetection: createClient(HarmDetectionService, { address: addresses.harmDetectionAddress, ...models }),
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
