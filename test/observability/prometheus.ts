/** A real Prometheus that scrapes a mesh on this machine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startChild } from '@atelier/local-mesh';
import { eventually } from '@atelier/testkit';
import { stringify } from 'yaml';
import { findProgram } from '../helm/tools.ts';
import { RULES } from './files.ts';

export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

export interface Prometheus {
  query(expr: string): Promise<Sample[]>;
  stop(): Promise<void>;
}

/** Scrapes each job's target every second and evaluates the project's rules as often. */
export async function startPrometheus(targets: ReadonlyMap<string, string>): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-prometheus-'));
  const address = `127.0.0.1:${await freePort()}`;
  // Rule groups have intervals of their own; a test can't wait for those.
  const rules = join(folder, 'rules.yaml');
  const { readFile } = await import('node:fs/promises');
  await writeFile(rules, (await readFile(RULES, 'utf8')).replaceAll('interval: 30s', 'interval: 1s'));
  const scrape_configs = [...targets].map(([job_name, target]) => ({
    job_name,
    static_configs: [{ targets: [target] }],
  }));
  const global = { scrape_interval: '1s', evaluation_interval: '1s' };
  await writeFile(
    join(folder, 'prometheus.yaml'),
    stringify({ global, rule_files: [rules], scrape_configs }),
  );
  const child = startChild({
    command: (await findProgram('prometheus')) as string,
    args: [
      `--config.file=${folder}/prometheus.yaml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ],
    cwd: folder,
    env: process.env,
  });
  const query = async (expr: string): Promise<Sample[]> => {
    const response = await fetch(`http://${address}/api/v1/query?query=${encodeURIComponent(expr)}`);
    const answer = (await response.json()) as { status: string; error?: string; data?: { result: Sample[] } };
    if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
    return answer.data?.result ?? [];
  };
  const prometheus = {
    query,
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await eventually(
      'Prometheus scrapes everything',
      async () => {
        const up = await query('up == 1').catch(() => []);
        return up.length === targets.size ? true : null;
      },
      60_000,
    );
    return prometheus;
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
}
