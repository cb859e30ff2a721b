/** A part of the mesh is away: said in plain words, at once, and over when it is back. */
import { expect, it } from 'vitest';
import type { ProblemJson } from '../api/schemas.ts';
import { useWeb } from '../web.fixture.ts';

// Nobody listens on the discard port.
const on = useWeb({
  ATELIER_ORCHESTRATOR_ADDRESS: '127.0.0.1:9',
  ATELIER_AUTOCOMPLETE_ADDRESS: '127.0.0.1:9',
});

it('the rest goes on; what is away says so', async () => {
  const body = { prompt: 'A boat' };
  const asked = await on.call('POST', '/api/generations', { body });
  expect(asked.status).toBe(503);
  expect((asked.body as { error: ProblemJson }).error.message).toBe(
    'A part of the studio can not be reached right now. Please try again in a moment.',
  );
  // Away, or (on a busy machine) not yet known to be away when nobody waits any longer.
  expect([503, 504]).toContain((await on.call('POST', '/api/suggestions', { body: { prefix: 'A' } })).status);
  expect((await on.call('POST', '/api/enhancements', { body })).status).toBe(200);
  expect((await fetch(on.url)).status).toBe(200);
});

it('feedback is refused while NATS is away', async () => {
  await on.nats.stop();
  const body = { kind: 'shown', id: 'i9', generationId: 'g1' };
  const { status } = await on.call('POST', '/api/interactions', { body });
  expect(status).toBe(503);
});
