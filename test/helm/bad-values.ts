/** Values that the chart must refuse, each with what its refusal names. */
import type { Profile } from './render.ts';

export interface BadValues {
  what: string;
  /** On top of these; default: `default`. */
  profile?: Profile;
  values: unknown;
  /** Part of Helm's message. */
  names: RegExp;
}

const service = (name: string, values: unknown) => ({ services: { [name]: values } });

export const BAD_VALUES: readonly BadValues[] = [
  { what: 'an unknown key', values: { replicas: 3 }, names: /replicas/ },
  { what: 'a misspelt key of a service', values: service('diffusion', { replica: 3 }), names: /replica/ },
  { what: 'a port beyond 65535', values: service('diffusion', { port: 74050 }), names: /port/ },
  { what: 'a service without a port', values: service('painter', { replicas: 1 }), names: /port/ },
  {
    what: 'a name in capitals',
    values: service('Painter', { port: 7500 }),
    names: /Painter|propertyNames|pattern/,
  },
  { what: 'negative replicas', values: service('diffusion', { replicas: -1 }), names: /replicas/ },
  { what: 'a protocol nobody speaks', values: service('web', { protocol: 'gopher' }), names: /protocol/ },
  {
    what: 'a call to a service that is off',
    values: service('prompt-safety', { enabled: false }),
    names: /calls.*prompt-safety/,
  },
  {
    what: 'an unquoted number in env',
    values: service('diffusion', { env: { ATELIER_INFERENCE_THREADS: 2 } }),
    names: /ATELIER_INFERENCE_THREADS/,
  },
  {
    what: 'a variable in small letters',
    values: service('diffusion', { env: { threads: '2' } }),
    names: /threads|propertyNames|pattern/,
  },
  {
    what: 'memory that is no quantity',
    values: service('diffusion', { resources: { limits: { memory: 'much' } } }),
    names: /memory/,
  },
  {
    what: 'no GPU at all of the GPUs',
    values: service('diffusion', { gpu: { enabled: true, count: 0 } }),
    names: /count/,
  },
  {
    what: 'a toleration with an unknown effect',
    values: service('diffusion', { gpu: { tolerations: [{ key: 'gpu', effect: 'Maybe' }] } }),
    names: /effect/,
  },
  {
    what: 'a start that may take no time',
    values: service('diffusion', { startupSeconds: 0 }),
    names: /startupSeconds/,
  },
  {
    what: 'a shutdown shorter than the drain',
    values: service('diffusion', { shutdownSeconds: 5 }),
    names: /shutdownSeconds/,
  },
  {
    what: 'keda without keda',
    values: service('diffusion', { autoscaling: { kind: 'keda' } }),
    names: /keda\.enabled/,
  },
  {
    what: 'more replicas at least than at most',
    values: service('web', { autoscaling: { kind: 'hpa', min: 9, max: 3 } }),
    names: /min is above max/,
  },
  {
    what: 'an HPA down to zero',
    values: service('web', { autoscaling: { kind: 'hpa', min: 0 } }),
    names: /min/,
  },
  {
    what: 'two writers of one volume',
    values: service('insights', { enabled: true, replicas: 2 }),
    names: /one replica/,
  },
  {
    what: 'an egress rule without a destination',
    values: service('web', { egress: [{ ports: [{ port: 443 }] }] }),
    names: /to/,
  },
  { what: 'the image tag latest', values: { image: { tag: 'latest' } }, names: /tag|not/ },
  { what: 'weights from nowhere known', values: { models: { source: 'floppy' } }, names: /source/ },
  { what: 'a claim without a name', values: { models: { source: 'pvc' } }, names: /claimName/ },
  { what: 'an image volume without a reference', values: { models: { source: 'oci' } }, names: /reference/ },
  {
    what: 'an init container without an image',
    values: { models: { source: 'init' } },
    names: /init\.image/,
  },
  { what: 'a NATS of two', values: { nats: { replicas: 2 } }, names: /replicas/ },
  { what: 'an external NATS without a URL', values: { nats: { mode: 'external' } }, names: /nats\.url/ },
  {
    what: 'a password in the NATS URL',
    values: { nats: { url: 'nats://me:secret@nats:4222' } },
    names: /url/,
  },
  {
    what: 'an external NATS nobody may connect to',
    profile: 'production',
    values: { nats: { egress: [] } },
    names: /nats\.egress/,
  },
  {
    what: 'a collector nobody may connect to',
    values: { telemetry: { otlpEndpoint: 'http://collector:4318' } },
    names: /otlpEgress/,
  },
  { what: 'a trace ratio above 1', values: { telemetry: { traceRatio: 1.5 } }, names: /traceRatio/ },
  { what: 'a job without its data', values: { jobs: { training: { enabled: true } } }, names: /claimName/ },
  {
    what: 'a Job on several nodes',
    values: { jobs: { evaluation: { enabled: true, nodes: 2 } } },
    names: /JobSet/,
  },
  {
    what: 'API keys without one for helm test',
    profile: 'production',
    values: { verification: { credentialSecretName: '' } },
    names: /credentialSecretName/,
  },
  { what: 'no scraper at all', values: { networkPolicies: { scrapers: [] } }, names: /scrapers/ },
];
