/** Stages 1 and 3: may this prompt be drawn? */
import { SafetySubject } from '@atelier/contracts';
import type { Attempt } from '../attempt.ts';
import { Blocked } from '../blocked.ts';
import type { Services } from '../clients.ts';
import { failClosed } from '../fail-closed.ts';

/**
 * Have `prompt` and the negative prompt judged. Throws Blocked with the verdict, or RpcError when there is no verdict:
 * what can't be judged isn't drawn.
 */
export async function screenPrompt(
  attempt: Attempt,
  services: Services,
  prompt: string,
  subject: typeof SafetySubject.PROMPT | typeof SafetySubject.ENHANCED_PROMPT,
): Promise<void> {
  await attempt.stage('prompt-safety', async () => {
    const { negativePrompt, language } = attempt.request;
    const { signal } = attempt;
    const { verdict } = await failClosed(
      services.promptSafety.classifyPrompt({ prompt, negativePrompt, language }, { signal }),
    );
    attempt.used(verdict?.modelVersion);
    if (verdict?.allowed) return;
    if (verdict?.subject === SafetySubject.PROMPT) verdict.subject = subject;
    throw new Blocked(verdict);
  });
}
