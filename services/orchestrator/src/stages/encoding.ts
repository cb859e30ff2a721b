/** Stage 4: the tensors that condition the picture. */
import type { Conditioning } from '@atelier/contracts';
import { internal } from '@atelier/rpc';
import type { Attempt } from '../attempt.ts';
import type { Services } from '../clients.ts';

type Tensors = Pick<Conditioning, 'tokens' | 'mask' | 'pooled'>;

/** What to draw and what to steer away from. */
export interface Conditionings {
  positive: Tensors;
  negative: Tensors;
  /** Version of the bundle they were made with. */
  bundleVersion: string;
}

/** Encode prompt and negative prompt in one call; words that the models never saw are recorded. */
export async function encodePrompts(
  attempt: Attempt,
  services: Services,
  prompt: string,
): Promise<Conditionings> {
  return await attempt.stage('text-encoder', async () => {
    const { negativePrompt, language } = attempt.request;
    const { signal } = attempt;
    const texts = [prompt, negativePrompt];
    const answer = await services.textEncoder.encodeText({ texts, language }, { signal });
    const [positive, negative] = answer.embeddings;
    if (!positive || !negative) throw internal('text-encoder answered without an embedding for each text');
    attempt.made(answer.modelVersion);
    attempt.note((generation) => {
      generation.unknownConcepts = positive.unknownConcepts;
    });
    const bundleVersion = answer.modelVersion?.version ?? '';
    return { positive: tensors(positive), negative: tensors(negative), bundleVersion };
  });
}

const tensors = ({ tokens, mask, pooled }: Tensors): Tensors => ({
  ...(tokens && { tokens }),
  ...(mask && { mask }),
  ...(pooled && { pooled }),
});
