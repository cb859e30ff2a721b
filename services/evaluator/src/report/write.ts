/** Everything that a run leaves behind, in the folder of the model that was judged. */
import { join, resolve } from 'node:path';
import { composeScene, renderPng } from '@atelier/scenes';
import type { Evaluation } from '../evaluate.ts';
import { RATED_PROMPTS, readAnswers } from '../human/answers.ts';
import { ratingFigures } from '../human/figures.ts';
import type { RatedPrompt } from '../human/questions.ts';
import { writeWhole } from '../run/folder.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';

/** Writes report.json, index.html and what people are asked. @returns the report and the path of its page. */
export async function writeReport(evaluation: Evaluation): Promise<{ content: unknown; page: string }> {
  const { folder } = evaluation.candidate ?? evaluation.production;
  await writeWhole(join(folder.path, RATED_PROMPTS), JSON.stringify(await ratedPrompts(evaluation)));
  const ratings = ratingFigures(await readAnswers(folder.path));
  const content = jsonReport(evaluation, ratings);
  const page = join(folder.path, 'index.html');
  await writeWhole(join(folder.path, 'report.json'), `${JSON.stringify(content, null, 2)}\n`);
  await writeWhole(page, await htmlReport(evaluation, ratings));
  return { content, page };
}

/** Prompts that were drawn, with the production model's picture, or the scene's render where the model is judged alone. */
async function ratedPrompts({ root, task, candidate, production }: Evaluation): Promise<RatedPrompt[]> {
  const judged = candidate ?? production;
  const rated: RatedPrompt[] = [];
  for (const [i, { text, seed, stated }] of task.set.prompts.entries()) {
    const key = `prompt-${i}`;
    if (judged.outcomes[i]?.record.state !== 'succeeded') continue;
    const one = { text, candidate: resolve(judged.folder.picture(key)) };
    if (candidate) {
      const drawn = production.outcomes[i]?.record.state === 'succeeded';
      rated.push({ ...one, ...(drawn && { reference: resolve(production.folder.picture(key)) }) });
    } else if (stated) {
      const reference = resolve(root, 'renders', `${key}.png`);
      await writeWhole(reference, await renderPng(composeScene(seed), task.drawing.size));
      rated.push({ ...one, reference });
    } else rated.push(one);
  }
  return rated;
}
