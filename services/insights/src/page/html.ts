/** The page: every metric by model version with its interval, and the experiments. Pure. */
import type { Estimate, GetExperimentResponse, GetMetricsResponse, Metrics } from '@atelier/contracts';
import { type Bar, escaped, forestPlot } from './svg.ts';

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
const seconds = (value: number): string => `${value.toFixed(2)} s`;
const micros = (value: number): string => (value / 1_000_000).toFixed(6);
const hourly = (value: number): string => `${value.toFixed(1)} / h`;

interface Plot {
  title: string;
  note: string;
  of: (metrics: Metrics) => Estimate | undefined;
  format: (value: number) => string;
}

const PLOTS: readonly Plot[] = [
  {
    title: 'Click-through rate',
    note: 'clicked impressions',
    of: (m) => m.clickThroughRate,
    format: percent,
  },
  { title: 'Conversion rate', note: 'converted impressions', of: (m) => m.conversionRate, format: percent },
  { title: 'Download rate', note: 'downloaded impressions', of: (m) => m.downloadRate, format: percent },
  {
    title: 'Feedback score',
    note: 'latest ratings that are up',
    of: (m) => m.feedbackScore,
    format: percent,
  },
  { title: 'Report rate', note: 'reported impressions', of: (m) => m.reportRate, format: percent },
  { title: 'Time spent', note: 'mean of viewed pictures', of: (m) => m.timeSpentSeconds, format: seconds },
  {
    title: 'Latency',
    note: 'mean, accepted to finished',
    of: (m) => m.latency?.meanSeconds,
    format: seconds,
  },
  { title: 'Throughput', note: 'generations that succeeded', of: (m) => m.throughputPerHour, format: hourly },
  {
    title: 'Cost per user and month',
    note: 'average of the latest month, in the operator’s currency',
    of: (m) => m.costs.at(-1)?.perUserMicros,
    format: micros,
  },
];

/** The whole document; it needs no script and nothing from elsewhere. */
export function pageOf(metrics: GetMetricsResponse, experiments: readonly GetExperimentResponse[]): string {
  const plots = PLOTS.flatMap(({ title, note, of, format }) => {
    const bars = barsOf(metrics, of);
    return bars.length === 0 ? [] : [section(title, note, forestPlot(title, bars, format))];
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Atelier insights</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 0; } p { margin: 0 0 .5rem; opacity: .75; }
svg { width: 100%; height: auto; font-size: 13px; fill: currentColor; } .value { text-anchor: end; }
.axis { stroke: currentColor; opacity: .3; } .interval { stroke: #3b82f6; stroke-width: 4; opacity: .5; } circle { fill: #3b82f6; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: .2rem .5rem; } th:first-child, td:first-child { text-align: left; }
</style></head><body>
<h1>Insights</h1>
<p>${metrics.events} events. Dots are figures, lines their 95 % intervals: Wilson for shares, normal for means, Poisson for throughput.</p>
${plots.join('\n')}
${section('Use of the services', 'mean seconds a generation', stagePlot(metrics.overall))}
${section('Generations', 'by model version', generationTable(metrics))}
${experiments.map(experimentSection).join('\n')}
</body></html>
`;
}

const section = (title: string, note: string, content: string): string =>
  content && `<section><h2>${escaped(title)}</h2><p>${escaped(note)}</p>\n${content}</section>`;

/** All models together first, where there are several. */
function barsOf({ overall, byModel }: GetMetricsResponse, of: Plot['of']): Bar[] {
  const all = overall && byModel.length > 1 ? [overall, ...byModel] : byModel;
  return all.flatMap((metrics) => {
    const estimate = of(metrics);
    return estimate ? [{ ...estimate, label: labelOf(metrics) }] : [];
  });
}

function labelOf({ modelVersion: model }: Metrics): string {
  if (!model) return 'all';
  if (model.name === '') return 'not known';
  return `${model.version} ${model.sha256.slice(0, 8)}`;
}

function stagePlot(overall: Metrics | undefined): string {
  const bars = (overall?.stages ?? []).flatMap(({ stage, seconds }) =>
    seconds ? [{ ...seconds, label: stage }] : [],
  );
  return bars.length === 0 ? '' : forestPlot('Use of the services', bars, seconds);
}

function generationTable({ byModel }: GetMetricsResponse): string {
  const headings = [
    'model version',
    'succeeded',
    'failed',
    'blocked',
    'cancelled',
    'pictures',
    'p50',
    'p95',
    'p99',
  ];
  const rows = byModel.map((metrics) => {
    const { generations: counts, latency } = metrics;
    return [
      labelOf(metrics),
      ...[counts?.succeeded, counts?.failed, counts?.blocked, counts?.cancelled, counts?.images].map(
        (count) => String(count ?? 0n),
      ),
      ...[latency?.p50Seconds, latency?.p95Seconds, latency?.p99Seconds].map((value) =>
        value === undefined ? '' : seconds(value),
      ),
    ];
  });
  return rows.length === 0 ? '' : tableOf(headings, rows);
}

function experimentSection({
  experimentId,
  control,
  treatment,
  comparisons,
  ...rest
}: GetExperimentResponse): string {
  const note = `${control?.users ?? 0n} users on ${control?.modelVersion}, ${treatment?.users ?? 0n} on ${treatment?.modelVersion}; p of the split ${rest.splitPValue.toFixed(3)}; on both sides ${rest.inconsistentUsers}`;
  const rows = comparisons.map(({ action, control: first, treatment: second, z, pValue }) => [
    action.replace('_', ' '),
    percent(first?.value ?? 0),
    percent(second?.value ?? 0),
    z.toFixed(2),
    pValue < 0.0001 ? '< 0.0001' : pValue.toFixed(4),
  ]);
  const table = tableOf(['users who', 'control', 'treatment', 'z', 'p'], rows);
  return section(`Experiment ${experimentId}`, note, table);
}

function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row('th', headings)}${rows.map((cells) => row('td', cells)).join('')}</table>`;
}
