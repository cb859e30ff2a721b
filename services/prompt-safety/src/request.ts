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

/** Prompts that one call may have judged. */
const MAX_PROMPTS = 32;

/** @throws as `checkTexts`, for any of the prompts. */
export function checkPrompts(prompts: readonly string[]): void {
  const violations = prompts.flatMap((prompt, i) => promptViolations(`prompts[${i}]`, prompt));
  if (prompts.length < 1 || prompts.length > MAX_PROMPTS)
    violations.push({ field: 'prompts', description: `must be 1 to ${MAX_PROMPTS}, not ${prompts.length}` });
  if (violations.length > 0) throw invalidArgument(violations);
}
