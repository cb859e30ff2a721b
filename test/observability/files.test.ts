import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { execute, findProgram, missingPrograms, ROOT } from '../helm/tools.ts';
import { panels, RULES, rules } from './files.ts';

const noPromtool = await missingPrograms('promtool');

describe('alerts and their runbook', () => {
  it('has a heading for every alert, in their order, and none besides', () => {
    const runbook = readFileSync(join(ROOT, 'deploy/runbook.md'), 'utf8');
    const headings = [...runbook.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(rules().flatMap(({ alert }) => alert ?? []));
  });

  it('leads from every alert to its heading', () => {
    for (const { alert, annotations } of rules().filter((rule) => rule.alert))
      expect(annotations?.runbook).toBe(`deploy/runbook.md#${alert?.toLowerCase()}`);
  });

  describe.skipIf(noPromtool)(`promtool${noPromtool ? ` [skipped: ${noPromtool}]` : ''}`, () => {
    const promtool = async (...args: string[]) =>
      await execute((await findProgram('promtool')) as string, args);

    it('accepts the rules', async () => {
      const { code, stdout, stderr } = await promtool('check', 'rules', '--lint=all', '--lint-fatal', RULES);
      expect(code, stdout + stderr).toBe(0);
    });

    it('sees alerts fire when they must, and only then', { timeout: 120_000 }, async () => {
      const { code, stdout, stderr } = await promtool(
        'test',
        'rules',
        join(import.meta.dirname, 'alerts.promtool.yaml'),
      );
      expect(code, stdout + stderr).toBe(0);
    });
  });
});

describe('compose and Prometheus beside it', () => {
  interface Compose {
    services: Record<
      string,
      { build?: { args: { SERVICE: string } }; environment?: Record<string, string>; profiles?: string[] }
    >;
  }
  const compose = parse(readFileSync(join(ROOT, 'deploy/compose.yaml'), 'utf8'), { merge: true }) as Compose;
  const built = Object.entries(compose.services).filter(([, service]) => service.build);

  it('builds each service from its own folder and finds it at its own port', () => {
    expect(built.length).toBeGreaterThanOrEqual(8);
    const ports = new Map(
      built.map(([name, { environment }]) => [name, environment?.ATELIER_LISTEN_ADDRESS?.split(':')[1]]),
    );
    for (const [name, { build, environment = {} }] of built) {
      expect(build?.args.SERVICE).toBe(name);
      for (const [variable, value] of Object.entries(environment)) {
        const [, host = '', port] = /^dns:\/\/\/(.*):(\d+)$/.exec(value ?? '') ?? [];
        if (host) expect(port, `${name}: ${variable}`).toBe(ports.get(host));
      }
    }
  });

  it('scrapes each of them', () => {
    const { scrape_configs } = parse(
      readFileSync(join(ROOT, 'deploy/observability/prometheus.yaml'), 'utf8'),
    ) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    expect(
      scrape_configs.map(({ job_name, static_configs }) => [job_name, static_configs[0]?.targets[0]]),
    ).toEqual(
      built.map(([name, { environment }]) => [
        name,
        `${name}:${environment?.ATELIER_METRICS_ADDRESS?.split(':')[1]}`,
      ]),
    );
  });

  it('draws panels whose expressions are not empty', () => {
    expect(panels().length).toBeGreaterThan(14);
  });
});
