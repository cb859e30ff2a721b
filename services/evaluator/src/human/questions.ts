/** What people are asked about a run, in an order and with sides that differ from rater to rater. Pure. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from './figures.ts';

/** A prompt of the run with its pictures. */
export const RatedPromptSchema = z.object({
  text: z.string(),
  /** Path of the picture by the model that is judged. */
  candidate: z.string(),
  /** Path of the one it is held against: the production model's, or the scene's render; absent where there is none. */
  reference: z.string().optional(),
});
export type RatedPrompt = z.infer<typeof RatedPromptSchema>;

export interface Question {
  /** Says nothing of what is asked: raters see it in addresses. */
  readonly id: string;
  readonly kind: 'pair' | 'caption';
  readonly text: string;
  /** Whose pictures, in the run's order; one for captions, two for pairs. */
  readonly pictures: readonly { readonly of: 'candidate' | 'reference'; readonly path: string }[];
}

/** Choices by kind, and what each is worth. */
export const CHOICES = {
  pair: { left: 'The left one', right: 'The right one', neither: 'Neither' },
  caption: { yes: 'Yes', somewhat: 'Somewhat', no: 'No' },
} as const;
const ACCURACY: Readonly<Record<string, number>> = { yes: 100, somewhat: 50, no: 0 };

/** Of every prompt: which picture is better drawn, and for each picture whether the caption describes it. */
export function questionsOf(prompts: readonly RatedPrompt[]): Question[] {
  return prompts.flatMap(({ text, candidate, reference }, i) => {
    const ours = { of: 'candidate', path: candidate } as const;
    const theirs = reference === undefined ? [] : [{ of: 'reference', path: reference } as const];
    const captions = [ours, ...theirs].map(
      (picture): Question => ({
        id: digest(`caption/${picture.of}/${i}`),
        kind: 'caption',
        text,
        pictures: [picture],
      }),
    );
    const pair: Question = { id: digest(`pair/${i}`), kind: 'pair', text, pictures: [ours, ...theirs] };
    return theirs.length === 0 ? captions : [pair, ...captions];
  });
}

/** The next question that a rater has yet to answer, in their own order; undefined when there is none. */
export function nextQuestion(
  questions: readonly Question[],
  rater: string,
  answered: ReadonlySet<string>,
): Question | undefined {
  const key = ({ id }: Question) => digest(`${rater}/${id}`);
  return questions
    .filter(({ id }) => !answered.has(id))
    .reduce<Question | undefined>((best, one) => (best && key(best) < key(one) ? best : one), undefined);
}

/** A question's pictures from left to right, as a rater sees them. */
export function shown({ id, pictures }: Question, rater: string): Question['pictures'] {
  const swapped = Number.parseInt(digest(`side/${rater}/${id}`).slice(0, 2), 16) % 2 === 1;
  return swapped ? [...pictures].reverse() : pictures;
}

/** What a choice means; undefined for one that the question doesn't have. */
export function answerOf(question: Question, rater: string, choice: string): Answer | undefined {
  const { id, kind } = question;
  if (!Object.hasOwn(CHOICES[kind], choice)) return undefined;
  const [left] = shown(question, rater);
  if (kind === 'caption')
    return { rater, question: id, about: left?.of ?? 'candidate', value: ACCURACY[choice] as number };
  const won = choice === 'neither' ? 0.5 : Number((choice === 'left') === (left?.of === 'candidate'));
  return { rater, question: id, about: 'preference', value: won };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
