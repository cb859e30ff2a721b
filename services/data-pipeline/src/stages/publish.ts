/** Stage 5, one task: the index, the statistics and the report. */

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
  const figures = statisticsOf(lines, notScored(run));
  const chunkOf = (item: number): number => firsts.findLastIndex((first) => first <= item);
  await run.store.write(FILES.statistics, `${JSON.stringify(figures, null, 2)}\n`);
  await run.store.write(FILES.report, await reportHtml(run, lines, chunkOf, figures));
  await run.store.write(FILES.index, ledgerParquet(lines));
  return figures;
}

/** Steps that were left out, so that their silence isn't taken for a verdict. */
function notScored({ options }: Run): string[] {
  return [
    ...(options.promptSafety === '' ? ['harm of captions not scored: no prompt-safety'] : []),
    ...(options.harmDetection === '' ? ['harm of pictures not scored: no harm-detection'] : []),
    ...(options.bundle === ''
      ? [
          'captions not held against their pictures, made or embedded: no bundle named that knows these pictures',
        ]
      : []),
    ...(options.bundle !== '' && !options.relevance
      ? ['captions not held against their pictures or made: the bundle does not know their world']
      : []),
  ];
}
