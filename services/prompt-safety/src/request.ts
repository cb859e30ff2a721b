/** What a request must be like to be judged. */
import { promptViolations } from '@atelier/contracts';
import { invalidArgument } from '@atelier/rpc';

/** @throws RpcError INVALID_ARGUMENT naming every refused field and its limit; never repeats the text. */
export function checkTexts(prompt: string, negativePrompt: string): void {
  const violations = [
    ...promptViolations('prompt', prompt),
    ...promptViolations('negative_prompt', negativePrompt, { minWords: 0 }),
  ];
  if (violations.length > 0) throw invalidArgument(violations);
}
