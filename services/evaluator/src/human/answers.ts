/** Answers of people, kept as they come: one JSON line each, beside the run's report. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Answer } from './figures.ts';
import { type RatedPrompt, RatedPromptSchema } from './questions.ts';

const ANSWERS = 'ratings.jsonl';
export const RATED_PROMPTS = 'rated-prompts.json';

const AnswerSchema = z.object({
  rater: z.string(),
  question: z.string(),
  about: z.enum(['preference', 'candidate', 'reference']),
  value: z.number(),
});

/** None before the first; a last line that was cut off by a crash is left out. */
export async function readAnswers(run: string): Promise<Answer[]> {
  const text = await readFile(join(run, ANSWERS), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => AnswerSchema.parse(JSON.parse(line)));
}

export async function keepAnswer(run: string, answer: Answer): Promise<void> {
  // The break comes first, so that a line that a crash cut off stays alone.
  await appendFile(join(run, ANSWERS), `\n${JSON.stringify(answer)}`);
}

/** What a run has for people to look at. @throws Error when `run` is no evaluated model's folder. */
export async function readRatedPrompts(run: string): Promise<RatedPrompt[]> {
  const path = join(run, RATED_PROMPTS);
  return z.array(RatedPromptSchema).parse(JSON.parse(await readFile(path, 'utf8')));
}
