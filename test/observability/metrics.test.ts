import { GenerationState } from '@atelier/contracts';
import { eventually, readTrace } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPrograms } from '../helm/tools.ts';
import { namesIn, panels, rules } from './files.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { metricNames, type ObservedMesh, observedMesh } from './scrape.ts';

const noPrometheus = await missingPrograms('prometheus');
/** Counters that a mesh without trouble never touches. */
const SILENT = new Set(['atelier_diffusion_refused_total']);

let observed: ObservedMesh;
/** Names of metrics and labels that the services emit. */
const emitted = new Set<string>();
let texts = '';

beforeAll(async () => {
  observed = await observedMesh();
  for (const address of observed.metrics.values()) {
    const text = await (await fetch(`http://${address}/metrics`)).text();
    texts += text;
    for (const [name, labels] of metricNames(text)) for (const known of [name, ...labels]) emitted.add(known);
  }
}, 240_000);
afterAll(() => observed?.stop());

describe('what the services emit', () => {
  it('came from a picture that was drawn', () => {
    expect(observed.generation.state).toBe(GenerationState.SUCCEEDED);
  });

  it('covers rate, errors and duration of every service’s calls', async () => {
    for (const [service, address] of observed.metrics) {
      // Its callers come over HTTP; none did here.
      if (service === 'web') continue;
      const text = await (await fetch(`http://${address}/metrics`)).text();
      expect(text, service).toMatch(/rpc_server_call_duration_bucket\{[^}]*rpc_response_status_code="OK"/);
    }
  });

  it('has queue, batch size, step time and the time of a generation', () => {
    for (const name of [
      'atelier_jobs',
      'atelier_diffusion_batch_pictures_sum',
      'atelier_diffusion_step_duration_bucket',
      'atelier_diffusion_drawings',
      'atelier_generation_duration_bucket',
    ])
      expect(emitted, name).toContain(name);
    expect(texts).toMatch(/atelier_diffusion_steps_total\{[^}]*\} (\d\d+|[89])/);
  });

  it('never holds a word of the prompt', () => {
    expect(texts.toLowerCase()).not.toMatch(/boat|ocean/);
  });

  it('has every metric and label that a panel, a rule or an alert names', () => {
    const recorded = rules().flatMap(({ record }) => record ?? []);
    const known = new Set([...emitted, ...recorded, ...SILENT]);
    const asked = [...panels(), ...rules()].flatMap(({ expr }) => namesIn(expr));
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('says on /healthz what gRPC health says', async () => {
    const [address] = observed.metrics.values();
    const response = await fetch(`http://${address}/healthz`);
    expect([response.status, await response.text()]).toEqual([200, 'SERVING\n']);
    expect((await fetch(`http://${address}/elsewhere`)).status).toBe(404);
  });
});

describe('spans of batches', () => {
  it('link to the requests whose steps they took, and these to them', async () => {
    const { traceFile } = observed.mesh;
    const trace = await readTrace(
      traceFile,
      observed.generation.traceId,
      (t) => t.find('diffusion', 'diffusion.step').length >= 8,
    );
    const [sample] = trace.find('diffusion', 'diffusion.sample');
    for (const step of trace.find('diffusion', 'diffusion.step')) {
      const [link] = step.links;
      const run = await readTrace(traceFile, link?.traceId ?? '', (t) => t.spans.length > 0);
      const [batch] = run.find('diffusion', 'diffusion.batch');
      expect(batch?.spanId).toBe(link?.spanId);
      expect(batch?.links).toEqual([{ traceId: sample?.traceId, spanId: sample?.spanId }]);
    }
  });
});

describe.skipIf(noPrometheus)(`a real Prometheus${noPrometheus ? ` [skipped: ${noPrometheus}]` : ''}`, () => {
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await startPrometheus(observed.metrics);
    await eventually(
      'rates',
      async () => {
        const samples = await prometheus.query('rate(atelier_generation_finished_total[5m])');
        return samples.length > 0 ? true : null;
      },
      30_000,
    );
  }, 120_000);
  afterAll(() => prometheus?.stop());

  /** Needs a picture within the last five minutes that Prometheus saw being finished. */
  const needsTraffic = new Set(['atelier:cost_per_picture']);

  it.each(panels().filter(({ expr }) => !needsTraffic.has(expr)))(
    'fills the panel “$title”',
    async ({ expr }) => {
      // A rate needs two scrapes of the service that it is about, and each is scraped in its own time.
      await eventually(expr, async () => (await prometheus.query(expr))[0] ?? null, 15_000);
    },
  );

  it('fires no alert over a healthy mesh', async () => {
    const firing = await prometheus.query('ALERTS{alertstate="firing"}');
    expect(firing.map(({ metric }) => metric.alertname)).toEqual([]);
  });
});
