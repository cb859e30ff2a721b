/**
 * Changes its mind after the first step: aborting the signal stops the generation between two steps on the server too.
 *
 *   node libs/client/examples/cancel.ts
 */
import { createAtelier } from '@atelier/client';
import { Code, RpcError } from '@atelier/rpc';

const atelier = createAtelier();
const changedMind = new AbortController();
let id = '';
try {
  await atelier.generate(
    { prompt: 'A city at sunset', steps: 200 },
    {
      signal: changedMind.signal,
      onEvent: (event) => {
        if (event.case === 'snapshot') id = event.value.id;
        if (event.case === 'progress') changedMind.abort();
      },
    },
  );
  console.log('finished before it could be cancelled');
} catch (error) {
  if (RpcError.from(error).code !== Code.CANCELLED) throw error;
  // A cancel that comes again changes nothing, and answers with the state reached.
  const { steps, progress } = await atelier.cancelGeneration(id);
  console.log(`cancelled after step ${progress?.step ?? 0} of ${steps}`);
} finally {
  atelier.close();
}
