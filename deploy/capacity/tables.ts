/** The tables of deploy/CAPACITY.md, computed. */
import { CPU, CPU_PRICES, GPU, GPU_PRICES, gpuMesh } from './assumptions.ts';
import { type Plan, plan } from './plan.ts';
import { poisson, simulate } from './simulate.ts';

const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`;
const head = (...cells: string[]): string[] => [row(...cells), row(...cells.map(() => '---'))];
const number = (value: number, digits = 0): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const cores = ({ cores }: Plan, service: string): string => number(cores[service] ?? 0, 1);

/** The first table: what each rate takes. */
export function plans(): string[] {
  const rows = [1, 100, 10_000].flatMap((rate) => [
    ['CPU', rate, plan(rate, CPU, CPU_PRICES)] as const,
    ['GPU', rate, plan(rate, GPU, GPU_PRICES)] as const,
  ]);
  return [
    ...head(
      'pictures a second',
      'denoisers',
      'cores: harm-detection',
      'super-resolution',
      'orchestrator',
      'orchestrator replicas of 16',
      'in hand',
      'JetStream messages/s',
      'pictures MB/s',
      'a week of pictures TB',
      'money an hour',
      'per 1,000 pictures',
    ),
    ...rows.map(([kind, rate, one]) =>
      row(
        number(rate),
        `${number(one.denoisers)} ${kind}`,
        cores(one, 'harm-detection'),
        cores(one, 'super-resolution'),
        cores(one, 'orchestrator'),
        number(one.orchestrators),
        number(one.inHand, 1),
        number(one.messagesPerSecond),
        number(one.pictureBytesPerSecond / 1e6, 1),
        number(one.weekBytes / 1e12, 1),
        number(one.moneyPerHour, 2),
        number(one.moneyPerThousandPictures, 3),
      ),
    ),
  ];
}

const HOUR = 3_600;
/** 40 pictures a second, and 150 for ten minutes. */
const burst = (t: number): number => (t >= 900 && t < 1_500 ? 150 : 40);

function bursts(): string[] {
  const arrivals = poisson(2026, HOUR / 2, 150, burst);
  const rows = [
    { min: 1, startSeconds: 180, concurrency: 256 },
    { min: 2, startSeconds: 180, concurrency: 256 },
    { min: 4, startSeconds: 180, concurrency: 256 },
    { min: 2, startSeconds: 30, concurrency: 256 },
    { min: 4, startSeconds: 180, concurrency: 64 },
  ].map(({ min, startSeconds, concurrency }) => {
    const scaling = { min, max: 16, jobsPerReplica: 32, pollSeconds: 5, startSeconds, scaleDownSeconds: 300 };
    const { latencies, refused, longestQueue, mostReplicas, replicaSeconds, endSeconds } = simulate(
      gpuMesh(scaling, concurrency),
      arrivals,
    );
    const sorted = [...latencies].sort((a, b) => a - b);
    const at = (p: number): number => sorted[Math.floor(p * (sorted.length - 1))] ?? 0;
    return row(
      min,
      startSeconds,
      concurrency,
      number(at(0.5), 1),
      number(at(0.99), 1),
      number(longestQueue),
      `${number((100 * refused) / arrivals.length, 1)} %`,
      mostReplicas,
      number(replicaSeconds / endSeconds, 1),
    );
  });
  return [
    ...head(
      'least GPUs',
      'start, s',
      'orchestrators’ concurrency',
      'median s',
      'P99 s',
      'longest queue',
      'refused',
      'most GPUs',
      'mean GPUs',
    ),
    ...rows,
  ];
}

/** Both tables, as they are in the page; the second takes half a minute. */
export const tables = (): string => [...plans(), '', ...bursts()].join('\n');
