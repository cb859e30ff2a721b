/** Who a process is to NATS: the NKey whose seed is in a mounted file. */
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import { inboxPrefix, NATS_SERVICES } from './permissions.ts';

/** The service behind a connection's name: "data-pipeline-worker" is the data pipeline's. */
export const serviceOf = (name: string): string =>
  NATS_SERVICES.find((service) => name === service || name.startsWith(`${service}-`)) ?? name;

/**
 * Options that prove who `name` is. The file is read at every connect and reconnect: a new seed needs no restart, only a server that
 * asks. Throws Error for a file that can't be read now.
 */
export function natsCredentials(name: string, seedFile: string): Partial<ConnectionOptions> {
  const seed = () => new TextEncoder().encode(readFileSync(seedFile, 'utf8').trim());
  nkeys.fromSeed(seed());
  return { authenticator: nkeyAuthenticator(seed), inboxPrefix: inboxPrefix(serviceOf(name)) };
}

/** A new user's NKey: the seed is the secret, the public key what the server knows. */
export function makeNatsUser(): { seed: string; publicKey: string } {
  const pair = nkeys.createUser();
  return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
}
