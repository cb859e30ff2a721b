/** Leaving out what prompt-safety would block: asked at build time, so that no suggestion of the index needs asking. */
import { resolve } from 'node:path';
import { PromptSafetyService } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { createClient } from '@atelier/rpc';
import type { PopularPrompt } from '../index-file.ts';

/** Prompts in a call, the most that it takes, and calls under way at a time. */
const AT_ONCE = 32;
const CONCURRENCY = 2;

/**
 * The prompts that prompt-safety allows with the models of the bundle at `modelBundle`; a service is started for this and ended after it.
 * Any failure throws.
 */
export async function keepSafe(
  prompts: readonly PopularPrompt[],
  language: string,
  modelBundle: string,
): Promise<PopularPrompt[]> {
  const mesh = await startMesh({
    services: ['prompt-safety'],
    freePorts: true,
    env: { ATELIER_MODEL_BUNDLE: resolve(modelBundle) },
    onNotice: (line) => process.stderr.write(`${line}\n`),
  });
  const client = createClient(PromptSafetyService, {
    address: mesh.address('prompt-safety'),
    name: 'build-index',
  });
  try {
    const safe: PopularPrompt[][] = [];
    let next = 0;
    const judge = async (): Promise<void> => {
      while (next < prompts.length) {
        const own = prompts.slice(next, next + AT_ONCE);
        const place = next / AT_ONCE;
        next += AT_ONCE;
        const { verdicts } = await client.classifyPrompts({ prompts: own.map(({ text }) => text), language });
        safe[place] = own.filter((_, i) => verdicts[i]?.allowed === true);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, judge));
    return safe.flat();
  } finally {
    client.close();
    await mesh.stop();
  }
}
