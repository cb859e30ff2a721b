/** Command line: write scenes as WebDataset shards on several cores. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { composeScene } from './compose.ts';
import { DOMAINS, type Domain } from './scene.ts';
import { planShards, type ShardRequest, writeShard } from './shards.ts';

const USAGE =
  'npm run scenes -- --count N --seed S --sizes 64[,256,1024] --out DIR [--shard-size 2000] [--domain landscape|portrait|abstract [--fixed key=value …] | --stand-ins] [--workers 2]';

function readOptions(): { shards: ShardRequest[]; workers: number } {
  const { values } = parseArgs({
    options: {
      count: { type: 'string' },
      seed: { type: 'string', default: '1000000' },
      sizes: { type: 'string', default: '64' },
      out: { type: 'string' },
      'shard-size': { type: 'string', default: '2000' },
      domain: { type: 'string' },
      fixed: { type: 'string', multiple: true, default: [] },
      'stand-ins': { type: 'boolean', default: false },
      workers: { type: 'string', default: '2' },
    },
  });
  const whole = (name: string, value: string | undefined, low: number, high: number): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < low || number > high)
      throw new RangeError(`--${name} must be a whole number from ${low} to ${high}\n${USAGE}`);
    return number;
  };
  if (!values.out) throw new RangeError(`--out is missing\n${USAGE}`);
  const domain = DOMAINS.find((name) => name === values.domain);
  if (values.domain !== undefined && !domain)
    throw new RangeError(`--domain must be one of ${DOMAINS.join(', ')}\n${USAGE}`);
  if (domain && values['stand-ins'])
    throw new RangeError(`--stand-ins are drawn into scenes of every domain\n${USAGE}`);
  if (values.fixed.length > 0 && !domain) throw new RangeError(`--fixed needs --domain\n${USAGE}`);
  const fixed = Object.fromEntries(values.fixed.map((pair) => pair.split('=', 2) as [string, string]));
  if (domain) composeScene(0, { domain, fixed }); // throws where no scene has them
  return {
    shards: planShards({
      out: values.out,
      count: whole('count', values.count, 1, 100_000_000),
      seed: whole('seed', values.seed, 0, 999_999_999),
      shardSize: whole('shard-size', values['shard-size'], 1, 100_000),
      sizes: values.sizes.split(',').map((size) => whole('sizes', size, 1, 4096)),
      ...(domain ? { domain: domain satisfies Domain, fixed } : {}),
      standIns: values['stand-ins'],
    }),
    workers: whole('workers', values.workers, 1, 64),
  };
}

/** A child takes one shard after another from its parent and answers with each path. */
function serveParent(send: (path: string) => void): void {
  process.on('message', (request: ShardRequest) => {
    writeShard(request).then(send, (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    });
  });
}

async function runChild(queue: ShardRequest[], done: (path: string, count: number) => void): Promise<void> {
  const child = fork(import.meta.filename, [], { env: { ...process.env, ATELIER_SCENES_CHILD: '1' } });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`a shard writer ended early with code ${String(code)}`);
  });
  try {
    for (let request = queue.shift(); request; request = queue.shift()) {
      const answer = once(child, 'message');
      child.send(request);
      const [path] = (await Promise.race([answer, failed])) as [string];
      done(path, request.count);
    }
  } finally {
    failed.catch(() => undefined);
    child.kill();
  }
}

async function main(): Promise<void> {
  const { shards, workers } = readOptions();
  const started = performance.now();
  let scenes = 0;
  const report = (path: string, count: number): void => {
    scenes += count;
    const rate = scenes / ((performance.now() - started) / 1000);
    process.stdout.write(`${path}  ${scenes} scenes, ${rate.toFixed(0)}/s\n`);
  };
  await Promise.all(Array.from({ length: Math.min(workers, shards.length) }, () => runChild(shards, report)));
}

if (process.env.ATELIER_SCENES_CHILD) serveParent((path) => process.send?.(path));
else
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof RangeError ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
