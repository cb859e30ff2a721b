/** Stage 5, one task: the index, the statistics and the report. */
import { openBundle } from '@atelier/models';
import { reportHtml } from '../report/html.ts';
import { type Statistics, statisticsOf } from '../report/statistics.ts';
import { FILES, type Run } from '../run.ts';
import { readLines } from '../store/store.ts';
import type { Decided } from './decide.ts';
import { ledgerParquet } from './ledger.ts';

export async function publish(run: Run, chunks: number): Promise<Statistics> {
  const lines: Decided[] = [];
  const firsts: number[] = [];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const part = await readLines<Decided>(run.store, FILES.decided(chunk));
    firsts.push(part[0]?.item ?? 0);
    for (const line of part) lines.push(line);
  }
  const figures = statisticsOf(lines, await notScored(run));
  const chunkOf = (item: number): number => firsts.findLastIndex((first) => first <= item);
  await run.store.write(FILES.statistics, `${JSON.stringify(figures, null, 2)}\n`);
  await run.store.write(FILES.report, await reportHtml(run, lines, chunkOf, figures));
  await run.store.write(FILES.index, ledgerParquet(lines));
  return figures;
}

/** Steps that were left out, so that their silence isn't taken for a verdict. */
async function notScored({ options }: Run): Promise<string[]> {
  return [
    ...(options.promptSafety === '' ? ['harm of captions not scored: no prompt-safety'] : []),
    ...(options.harmDetection === '' ? ['harm of pictures not scored: no harm-detection'] : []),
    ...(await unaskedModels(options)),
  ];
}

async function unaskedModels({ bundle: path, relevance, embed }: Run['options']): Promise<string[]> {
  if (path === '')
    return [
      'captions not held against their pictures, made or embedded, quality not scored: no bundle named that knows these pictures',
    ];
  const bundle = await openBundle(path, { roles: [] });
  const judged = relevance && bundle.has('dual_encoder');
  return [
    ...(judged
      ? []
      : ['captions not held against their pictures: no dual encoder that knows these pictures']),
    ...(judged && bundle.has('captioner')
      ? []
      : ['no captions made: no captioner that knows these pictures']),
    ...(relevance && bundle.has('quality')
      ? []
      : ['quality of pictures not scored: no scorer that knows these pictures']),
    ...(embed ? [] : ['captions not embedded: not asked for']),
  ];
}
