/** Leaving out what prompt-safety would block: asked at build time, so that no suggestion of the index needs asking. */
import { PromptSafetyService } from '@atelier/contracts';
import { entryOf, freePort, serviceRow, spawnService } from '@atelier/local-mesh';
import { createClient } from '@atelier/rpc';
import type { PopularPrompt } from '../index-file.ts';

/** Calls under way at a time. */
const CONCURRENCY = 32;

/** The prompts that a prompt-safety service, started for this and ended after it, allows. Any failure throws. */
export async function keepSafe(
  prompts: readonly PopularPrompt[],
  language: string,
): Promise<PopularPrompt[]> {
  const address = `127.0.0.1:${await freePort()}`;
  const service = spawnService({
    name: 'prompt-safety',
    entry: entryOf(serviceRow('prompt-safety')),
    address,
  });
  const client = createClient(PromptSafetyService, { address, name: 'build-index' });
  try {
    await service.ready();
    const allowed = new Array<boolean>(prompts.length).fill(false);
    let next = 0;
    const judge = async (): Promise<void> => {
      while (next < prompts.length) {
        const i = next++;
        const { text } = prompts[i] as PopularPrompt;
        const { verdict } = await client.classifyPrompt({ prompt: text, language });
        allowed[i] = verdict?.allowed ?? false;
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, judge));
    return prompts.filter((_, i) => allowed[i]);
  } finally {
    client.close();
    await service.stop();
  }
}
