/** Whether anybody wants what could be made: who does answers on a subject of its own, and what nobody wants needn't be made. */
import type { NatsConnection } from '@nats-io/transport-node';

/** How long an answer may take, milliseconds; where nobody wants it the server itself says so at once. */
const ANSWER_MS = 1_000;

/** Want what `subject` names, over reconnects too, until the returned function is called. */
export function want(connection: NatsConnection, subject: string): () => void {
  const subscription = connection.subscribe(subject, {
    callback: (error, message) => {
      if (!error) message.respond();
    },
  });
  return () => subscription.unsubscribe();
}

/** Whether anybody does, on any connection. While NATS is away nobody does: nothing would reach them. Never rejects. */
export async function isWanted(connection: NatsConnection, subject: string): Promise<boolean> {
  try {
    await connection.request(subject, undefined, { timeout: ANSWER_MS });
    return true;
  } catch {
    return false;
  }
}
