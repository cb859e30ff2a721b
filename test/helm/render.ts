/** The chart's manifests for a set of values. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { CHART, execute, findProgram, type Output } from './tools.ts';

/** Value profiles that are rendered; `default` is values.yaml alone. */
export const PROFILES = ['default', 'cpu-only', 'gpu', 'no-keda', 'production'] as const;
export type Profile = (typeof PROFILES)[number];

/** Kubernetes that charts are rendered for. */
export const KUBERNETES = '1.34.0';

/** The least of a manifest that every test may ask for. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

const valuesOf = (profile: Profile): string[] =>
  profile === 'default' ? [] : ['--values', join(CHART, 'profiles', `${profile}.yaml`)];

/** Runs `helm template` with a profile and, on standard input, more values. */
export async function helmTemplate(profile: Profile, values?: unknown): Promise<Output> {
  const helm = (await findProgram('helm')) ?? 'helm';
  const more = values === undefined ? [] : ['--values', '-'];
  const common = ['--namespace', 'atelier', '--kube-version', KUBERNETES];
  return await execute(
    helm,
    ['template', 'mesh', CHART, ...common, ...valuesOf(profile), ...more],
    values === undefined ? undefined : stringify(values),
  );
}

export async function helmLint(profile: Profile): Promise<Output> {
  const helm = (await findProgram('helm')) ?? 'helm';
  return await execute(helm, ['lint', '--strict', '--kube-version', KUBERNETES, CHART, ...valuesOf(profile)]);
}

/** The manifests, in an order that doesn't depend on Helm's. Throws with Helm's words when it refuses. */
export async function render(profile: Profile, values?: unknown): Promise<Manifest[]> {
  const { code, stdout, stderr } = await helmTemplate(profile, values);
  if (code !== 0) throw new Error(stderr);
  const manifests = parseAllDocuments(stdout)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
  const key = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;
  return manifests.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Manifests as text: what is compared with the golden renders. Files that have tests of their own are left out. */
export function goldenText(manifests: Manifest[]): string {
  return manifests
    .map((manifest) => {
      if (manifest.kind === 'PrometheusRule') return { ...manifest, spec: 'helm/atelier/files/alerts.yaml' };
      if (manifest.metadata.name.includes('-dashboard-'))
        return { ...manifest, data: Object.keys(manifest.data ?? {}) };
      return manifest;
    })
    .map((manifest) => stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}

export const goldenPath = (profile: Profile): string =>
  join(import.meta.dirname, 'golden', `${profile}.yaml`);

export const readGolden = async (profile: Profile): Promise<string> =>
  await readFile(goldenPath(profile), 'utf8').catch(() => '');
