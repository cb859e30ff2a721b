import { writeFile } from 'node:fs/promises';
import { SERVICES } from '@atelier/local-mesh';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { BAD_VALUES } from './bad-values.ts';
import {
  goldenPath,
  goldenText,
  helmLint,
  helmTemplate,
  type Manifest,
  PROFILES,
  readGolden,
  render,
} from './render.ts';
import { execute, findProgram, missingPrograms, schemaFolder } from './tools.ts';

/** Run with UPDATE_GOLDEN=1 after a wanted change, and read the difference. */
const update = Boolean(process.env.UPDATE_GOLDEN);
const noHelm = await missingPrograms('helm');
const schemas = (await missingPrograms('helm', 'kubeconform'))
  ? undefined
  : await schemaFolder().catch(() => undefined);
const noKubeconform =
  (await missingPrograms('helm', 'kubeconform')) ??
  (schemas ? undefined : 'the schemas could not be had from PyPI');
const because = (why: string | undefined) => (why ? ` [skipped: ${why}]` : '');

/** Parts of a pod that these tests look at. */
interface Pod {
  automountServiceAccountToken?: boolean;
  securityContext?: { runAsNonRoot?: boolean; seccompProfile?: { type?: string } };
  initContainers?: Container[];
  containers: Container[];
}
interface Container {
  name: string;
  env?: { name: string; value?: string }[];
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[] };
  };
  resources?: { requests?: Record<string, unknown>; limits?: Record<string, unknown> };
  startupProbe?: {
    periodSeconds: number;
    failureThreshold: number;
    grpc?: { port: number };
    httpGet?: { path: string; port: string };
  };
}

/** Every pod template in a manifest, however deep. */
function podsIn(node: unknown): Pod[] {
  if (Array.isArray(node)) return node.flatMap(podsIn);
  if (typeof node !== 'object' || node === null) return [];
  const own = 'containers' in node ? [node as Pod] : [];
  return [...own, ...Object.values(node).flatMap(podsIn)];
}

const named = (manifests: Manifest[], kind: string, name: string): Manifest => {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

describe.skipIf(noHelm)(`helm/atelier${because(noHelm)}`, () => {
  describe.each(PROFILES)('profile %s', (profile) => {
    let manifests: Manifest[];
    beforeAll(async () => {
      manifests = await render(profile);
    });

    it('passes helm lint --strict', async () => {
      const { code, stdout, stderr } = await helmLint(profile);
      expect(code, stdout + stderr).toBe(0);
    });

    it('renders what it rendered before', async () => {
      const text = goldenText(manifests);
      if (update) await writeFile(goldenPath(profile), text);
      expect(text).toBe(await readGolden(profile));
    });

    it('runs only pods that the restricted standard admits, with bounded resources', () => {
      const pods = manifests.flatMap(podsIn);
      expect(pods.length).toBeGreaterThan(9);
      for (const pod of pods) {
        expect(pod.automountServiceAccountToken).toBe(false);
        expect(pod.securityContext).toMatchObject({
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        });
        for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
          expect(container.securityContext, container.name).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          expect(container.resources?.limits, container.name).toHaveProperty('memory');
        }
      }
    });

    it('lets no pod of the release talk beyond what a policy lists', () => {
      const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
      const deny = named(policies, 'NetworkPolicy', 'mesh-default-deny').spec as {
        egress?: unknown;
        policyTypes: string[];
      };
      expect(deny.policyTypes).toEqual(['Ingress', 'Egress']);
      expect(deny.egress).toBeUndefined();
      for (const { spec, metadata } of policies) {
        const { egress = [], ingress = [] } = spec as {
          egress?: { to?: unknown }[];
          ingress?: { from?: unknown }[];
        };
        for (const rule of egress) expect(rule.to, metadata.name).toBeTruthy();
        for (const rule of ingress) expect(rule.from, metadata.name).toBeTruthy();
      }
    });

    it('never needs a GPU to spare for a rollout', () => {
      for (const { kind, spec, metadata } of manifests.filter((one) => one.kind === 'Deployment')) {
        if (!JSON.stringify(spec).includes('nvidia.com/gpu"')) continue;
        const { strategy } = spec as { strategy: { rollingUpdate: unknown } };
        expect(strategy.rollingUpdate, `${kind} ${metadata.name}`).toEqual({
          maxSurge: 0,
          maxUnavailable: 1,
        });
      }
    });
  });

  describe.skipIf(noKubeconform)(`kubeconform -strict${because(noKubeconform)}`, () => {
    const strictly = [
      '-strict',
      '-summary',
      '-schema-location',
      `${schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`,
    ];
    const kubeconform = async () => (await findProgram('kubeconform')) as string;

    it.each(PROFILES)('accepts every manifest of %s', { timeout: 600_000 }, async (profile) => {
      const { stdout } = await helmTemplate(profile);
      const result = await execute(await kubeconform(), strictly, stdout);
      expect(result.code, result.stdout + result.stderr).toBe(0);
      expect(result.stdout).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
    });

    it.each([
      ['a misspelt field of a pod', 'Deployment', ['spec', 'template', 'spec', 'serviceAcountName'], 'x'],
      [
        'text where a number belongs',
        'Deployment',
        ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'],
        'long',
      ],
      ['a misspelt field of a policy', 'NetworkPolicy', ['spec', 'egres'], []],
      ['an unknown field of a ScaledObject', 'ScaledObject', ['spec', 'minReplicas'], 1],
      ['triggers that are no list', 'ScaledObject', ['spec', 'triggers'], 'nats'],
      ['an unknown field of a ServiceMonitor', 'ServiceMonitor', ['spec', 'endpoint'], []],
      ['an unknown field of a JobSet', 'JobSet', ['spec', 'replicatedJob'], []],
    ])('refuses %s', { timeout: 600_000 }, async (_, kind, path, value) => {
      const manifest = structuredClone((await render('production')).find((one) => one.kind === kind));
      let at = manifest as unknown as Record<string, Record<string, unknown>>;
      for (const key of path.slice(0, -1)) at = at[key] as typeof at;
      (at as Record<string, unknown>)[path.at(-1) as string] = value;
      const result = await execute(await kubeconform(), strictly, stringify(manifest));
      expect(result.code, result.stdout).not.toBe(0);
    });
  });

  it.each(BAD_VALUES)('refuses $what', async ({ profile = 'default', values, names }) => {
    const { code, stderr } = await helmTemplate(profile, values);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(names);
  });

  it('adds a service by one entry, with all that guards it', async () => {
    const values = {
      services: { painter: { port: 7500, calls: ['text-encoder'] }, orchestrator: { calls: ['painter'] } },
    };
    const manifests = await render('default', values);
    for (const kind of ['Deployment', 'Service', 'NetworkPolicy', 'PodDisruptionBudget'])
      expect(named(manifests, kind, 'mesh-painter')).toBeTruthy();
    const [pod] = podsIn(named(manifests, 'Deployment', 'mesh-painter'));
    expect(pod?.containers[0]?.env).toContainEqual({
      name: 'ATELIER_TEXT_ENCODER_ADDRESS',
      value: 'dns:///mesh-text-encoder:7404',
    });
    expect(pod?.containers[0]?.startupProbe?.grpc).toEqual({ port: 7500 });
    const policy = JSON.stringify(named(manifests, 'NetworkPolicy', 'mesh-text-encoder').spec);
    expect(policy).toContain('"app.kubernetes.io/name":"painter"');
  });

  it('has every service of the mesh, on its port', async () => {
    const manifests = await render('default');
    for (const { name, port } of SERVICES) {
      const { ports } = named(manifests, 'Service', `mesh-${name}`).spec as { ports: { port: number }[] };
      expect(ports[0]?.port, name).toBe(port);
    }
  });

  it('gives large weights their time to load', async () => {
    const manifests = await render('production');
    const [pod] = podsIn(named(manifests, 'Deployment', 'mesh-diffusion'));
    const probe = pod?.containers[0]?.startupProbe;
    expect((probe?.periodSeconds ?? 0) * (probe?.failureThreshold ?? 0)).toBe(1_800);
    expect(probe?.httpGet).toEqual({ path: '/healthz', port: 'metrics' }); // with mTLS
  });

  it('gives a pod its own NATS seed and nobody else’s', async () => {
    const manifests = await render('production');
    const seeds = manifests
      .filter(({ spec }) => JSON.stringify(spec ?? {}).includes('atelier-nats'))
      .map(({ metadata, spec }) => [
        metadata.name,
        /"key":"([a-z-]+)\.seed"/.exec(JSON.stringify(spec))?.[1],
      ]);
    expect(Object.fromEntries(seeds)).toMatchObject({
      'mesh-orchestrator': 'orchestrator',
      'mesh-web': 'web',
      'mesh-topology': 'orchestrator',
      'mesh-data': 'data-pipeline',
    });
  });

  it('speaks mTLS wherever something serves or calls, and gives nobody else a certificate', async () => {
    const withTls = (await render('production')).flatMap((manifest) =>
      podsIn(manifest)
        .filter(({ containers }) =>
          containers[0]?.env?.some(
            ({ name, value }) =>
              name === 'ATELIER_TLS_PRIVATE_KEY_FILE' && value === '/var/run/atelier/tls/tls.key',
          ),
        )
        .map((pod) => [
          manifest.metadata.name,
          JSON.stringify(pod).includes(`${manifest.metadata.name}-tls`),
        ]),
    );
    const members = [...SERVICES.map(({ name }): string => name), 'insights', 'data', 'verification'];
    expect(Object.fromEntries(withTls)).toEqual(
      Object.fromEntries(members.map((name) => [`mesh-${name}`, true])),
    );
    expect(JSON.stringify(await render('default'))).not.toContain('ATELIER_TLS');
  });

  it('makes the consumers before an autoscaler reads them', async () => {
    const hook = async (profile: 'gpu' | 'production') =>
      named(await render(profile), 'Job', 'mesh-topology').metadata.annotations?.['helm.sh/hook'];
    expect(await hook('production')).toBe('pre-install,pre-upgrade');
    expect(await hook('gpu')).toBe('post-install,pre-upgrade');
    const scaled = named(await render('gpu'), 'ScaledObject', 'mesh-diffusion').spec as {
      triggers: { metadata: object }[];
    };
    expect(scaled.triggers[0]?.metadata).toMatchObject({ stream: 'ATELIER_JOBS', consumer: 'orchestrator' });
  });
});
