/** The report for people: the verdict, the figures, and every picture beside the production model's. */
import { readFile } from 'node:fs/promises';
import { show } from '@atelier/metrics';
import sharp from 'sharp';
import type { Evaluation, Measured } from '../evaluate.ts';
import type { RatingFigures } from '../human/figures.ts';
import { escapeHtml } from './escape.ts';

const THUMBNAIL = 128;

/** One page without anything from elsewhere. */
export async function htmlReport(
  evaluation: Evaluation,
  ratings: RatingFigures | undefined,
): Promise<string> {
  const { task, production, candidate, verdict, features, reference } = evaluation;
  const models = [...(candidate ? [candidate] : []), production];
  const title = `${nameOf(candidate ?? production)} on ${task.set.name}`;
  const { size, steps } = task.drawing;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}
td,th{padding:.25rem .7rem;text-align:left;border-bottom:1px solid #ddd}img{width:${THUMBNAIL}px;display:block}.text{max-width:26rem}
.worse,.refuse{color:#a00}.better,.promote{color:#070}.verdict{font-size:1.3rem}</style>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${verdict.decision}">${verdictWords(evaluation)}</p>
${verdict.reasons.length === 0 ? '' : `<ul>${verdict.reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join('')}</ul>`}
<p>${task.set.prompts.length} prompts at ${size} pixels, ${steps === undefined ? "each model's own steps" : `${steps} steps`}. Features: ${escapeHtml(features)}.
Fréchet distances to ${escapeHtml(reference)}. In brackets: intervals; those of gains hold for all comparisons together.</p>
${comparedTable(evaluation)}
<h2>Figures</h2>
${figuresTable(models)}
${ratings ? ratingsTable(ratings) : ''}
<h2>Pictures</h2>
<table><tr><th>prompt</th>${models.map((model, i) => `<th>${escapeHtml(nameOf(model))}${i === models.length - 1 ? ' (production)' : ''}</th>`).join('')}</tr>
${(await pictureRows(evaluation, models)).join('\n')}</table></html>
`;
}

const nameOf = ({ bundle }: Measured): string => `${bundle.name}@${bundle.version} ${bundle.digest}`;

function verdictWords({ candidate, verdict: { decision, better } }: Evaluation): string {
  if (!candidate) return decision === 'promote' ? 'Within its thresholds' : 'Falls short of its thresholds';
  return decision === 'promote' ? `Promote: better at ${better.join(', ')}` : 'Refuse';
}

function comparedTable({ compared }: Evaluation): string {
  if (compared.length === 0) return '';
  const rows = compared.map(
    ({ name, candidate, production, gain, finding }) =>
      `<tr><td>${name}</td><td>${short(candidate)}</td><td>${short(production)}</td><td>${show(gain, 3)}</td><td class="${finding}">${finding}</td></tr>`,
  );
  return `<table><tr><th></th><th>candidate</th><th>production</th><th>gain</th><th></th></tr>${rows.join('\n')}</table>`;
}

function figuresTable(models: readonly Measured[]): string {
  const names = [...new Set(models.flatMap(({ figures }) => Object.keys(figures)))];
  const rows = names.map((name) => {
    const cells = models.map(({ figures, fairness }) => {
      const distance = fairness?.distance[name.replace(/^fairness\./, '')];
      return `<td>${distance ? show(distance, 3) : short(figures[name])}</td>`;
    });
    return `<tr><td>${name}</td>${cells.join('')}</tr>`;
  });
  return `<table><tr><th></th>${models.map((model) => `<th>${escapeHtml(nameOf(model))}</th>`).join('')}</tr>${rows.join('\n')}</table>`;
}

function ratingsTable({ raters, answers, preferred, accuracy, agreement }: RatingFigures): string {
  const accuracies = Object.entries(accuracy).map(([side, estimate]) => `${side} ${show(estimate, 1)}`);
  return `<h2>People</h2><p>${answers} answers of ${raters} raters. Candidate or picture preferred to the reference: ${
    preferred ? show(preferred, 3) : 'not asked'
  }. Caption describes the picture, 0 to 100: ${accuracies.join('; ') || 'not asked'}. Krippendorff's alpha: preference ${short(
    agreement.preference,
  )}, accuracy ${short(agreement.accuracy)}.</p>`;
}

async function pictureRows({ task }: Evaluation, models: readonly Measured[]): Promise<string[]> {
  const rows: string[] = [];
  for (const [i, { text }] of task.set.prompts.entries()) {
    const cells: string[] = [];
    for (const model of models) {
      const record = model.outcomes[i]?.record;
      cells.push(
        record?.state === 'succeeded'
          ? `<td><img loading="lazy" alt="" src="${await thumbnail(model.folder.picture(`prompt-${i}`))}"></td>`
          : `<td>${escapeHtml(`${record?.state} ${record?.why}`)}</td>`,
      );
    }
    rows.push(`<tr><td class="text">${escapeHtml(text)}</td>${cells.join('')}</tr>`);
  }
  return rows;
}

async function thumbnail(path: string): Promise<string> {
  const webp = await sharp(await readFile(path))
    .resize(THUMBNAIL)
    .webp({ quality: 80 })
    .toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}

const short = (value: number | null | undefined): string =>
  value === undefined || value === null || Number.isNaN(value) ? '–' : String(Number(value.toPrecision(4)));
