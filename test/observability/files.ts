/** Alerts, rules and dashboards as they lie in the repository. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../helm/tools.ts';

export const RULES = join(ROOT, 'helm/atelier/files/alerts.yaml');

export interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  annotations?: Record<string, string>;
}

export const rules = (): Rule[] =>
  (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
    (group) => group.rules,
  );

export interface Panel {
  dashboard: string;
  title: string;
  expr: string;
}

export const panels = (): Panel[] =>
  globSync('helm/atelier/files/dashboards/*.json', { cwd: ROOT }).flatMap((path) => {
    const { panels } = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as {
      panels: { title: string; targets: { expr: string }[] }[];
    };
    return panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ dashboard: path, title, expr })),
    );
  });

/** Everything in a PromQL expression that has the form of one of our names: metrics, recorded series, labels. */
export function namesIn(expr: string): string[] {
  const bare = expr.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return [...new Set([...bare.matchAll(/\b(?:atelier|rpc)[_:][\w:]*/g)].map(([name]) => name))];
}
