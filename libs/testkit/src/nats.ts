/** A NATS server of a test's own. */
import { type NatsServer, startNats as startLocalNats } from '@atelier/local-mesh';

/**
 * A private `nats-server -js` on a free loopback port with a temporary store, whatever NATS_URL says; `configuration`
 * is added to its own. `stop()` ends it and removes the store. Rejects with an Error that says what to install where the
 * program is missing.
 */
export async function startNats(configuration?: string): Promise<NatsServer> {
  return await startLocalNats({ url: '', configuration });
}
