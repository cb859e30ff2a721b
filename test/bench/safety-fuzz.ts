/** Mutated prompts through the real service: every answer is a verdict or a refusal that names a field. */
import { PromptSafetyService } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { Code, createClient, RpcError } from '@atelier/rpc';
import { mutated, random } from '../../services/prompt-safety/src/mutations.fixture.ts';
import type { Benchmark } from './benchmark.ts';

const PROMPTS = Number(process.env.ATELIER_FUZZ_PROMPTS ?? 100_000);
const SEED = Number(process.env.ATELIER_FUZZ_SEED ?? 7);
/** Calls at a time, below what the classifier queues. */
const AT_ONCE = 4;
const REPORT_EVERY = 5_000;
/** No verdict, and so no picture; only a busy machine gives these. */
const FAILED_CLOSED: readonly number[] = [Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED];

export const benchmark: Benchmark = {
  about: `${PROMPTS} mutated prompts (ATELIER_FUZZ_PROMPTS), seed ${SEED} (ATELIER_FUZZ_SEED); stops at the first crash.`,
  async run(log) {
    const mesh = await startMesh({ services: ['prompt-safety'], freePorts: true });
    const client = createClient(PromptSafetyService, { address: mesh.address('prompt-safety') });
    const counts = { allowed: 0, blocked: 0, refused: 0, failedClosed: 0 };
    const next = random(SEED);
    const judge = async (): Promise<keyof typeof counts> => {
      const { prompt, negative = '' } = mutated(next);
      try {
        const { verdict } = await client.classifyPrompt({ prompt, negativePrompt: negative });
        if (verdict === undefined || verdict.policyVersion === '') throw new Error('an answer is no verdict');
        if (!verdict.allowed && verdict.score < verdict.threshold)
          throw new Error('blocked below its threshold');
        if (verdict.allowed && verdict.scores.some(({ score, threshold }) => score >= threshold))
          throw new Error('allowed at or above a threshold');
        return verdict.allowed ? 'allowed' : 'blocked';
      } catch (error) {
        const { code } = RpcError.from(error);
        if (code === Code.INVALID_ARGUMENT) return 'refused';
        if (FAILED_CLOSED.includes(code)) return 'failedClosed';
        throw error;
      }
    };
    let begun = 0;
    const worker = async (): Promise<void> => {
      while (begun < PROMPTS) {
        if (++begun % REPORT_EVERY === 0) log(`${begun} prompts`);
        counts[await judge()]++;
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return { prompts: begun, ...counts };
    } finally {
      client.close();
      await mesh.stop();
    }
  },
};
