/** What a picture's signed credentials say of a generation, and who signs. */
import { AdditionKind } from '@atelier/contracts';
import type { Origin } from '@atelier/provenance/credentials';
import { type Identity, loadIdentity } from '@atelier/provenance/identity';
import manifest from '../package.json' with { type: 'json' };
import type { Attempt } from './attempt.ts';
import type { Config } from './config.ts';

/** Null when none is configured. Rejects with an Error when its files don't do, or only one of them is given. */
export async function openIdentity({
  credentialsCertificateFile: certificateFile,
  credentialsPrivateKeyFile: privateKeyFile,
}: Config): Promise<Identity | null> {
  if (certificateFile === undefined && privateKeyFile === undefined) return null;
  if (certificateFile === undefined || privateKeyFile === undefined)
    throw new Error('content credentials need both a certificate and its private key');
  return await loadIdentity({ certificateFile, privateKeyFile });
}

/** Nothing of what anybody wrote: the picture may be passed on by who would not pass on the prompt. */
export function originOf({
  generation,
  inputs,
  madeWith,
}: Pick<Attempt, 'generation' | 'inputs' | 'madeWith'>): Origin {
  const { enhancedPrompt } = generation;
  const additions = enhancedPrompt?.additions ?? [];
  return {
    version: manifest.version,
    models: madeWith.map(({ name, version }) => `${name}@${version}`),
    fromPicture: inputs.initImage !== undefined,
    promptEnhanced: additions.length > 0,
    demographicsChosen: additions.some(({ kind }) => kind === AdditionKind.REPRESENTATION),
  };
}
