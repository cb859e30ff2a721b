/** The real process: events in, figures, page, gauges, files out. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  create,
  ExperimentVariant,
  FeedbackEventSchema,
  GenerationEventSchema,
  GenerationRecordSchema,
  GenerationState,
  InsightsService,
  type InteractionSchema,
  type MessageInitShape,
  Rating,
  ReportReason,
  timestampFromMs,
} from '@atelier/contracts';
import { connectEvents, type Events, feedbackEvents, generationEvents } from '@atelier/events';
import { freePort, REPOSITORY, type ServiceProcess, spawnService } from '@atelier/local-mesh';
import { type Client, Code, createClient, RpcError } from '@atelier/rpc';
import { eventually, startNats } from '@atelier/testkit';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let nats: Awaited<ReturnType<typeof startNats>>;
let events: Events;
let folder = '';
let service: ServiceProcess;
let client: Client<typeof InsightsService> & { close(): void };
let pageAddress = '';
let metricsAddress = '';
let log = '';

const MODEL = { name: 'starter/denoiser', version: '1.2.0', sha256: 'd'.repeat(64) };
const NOW = Date.UTC(2026, 10, 20, 12);
const PROMPT = 'a canary-4471 on a boat';

beforeAll(async () => {
  [nats, folder] = await Promise.all([startNats(), mkdtemp(join(tmpdir(), 'atelier-insights-'))]);
  events = await connectEvents({ servers: nats.url, name: 'test' });
  await writeFile(
    join(folder, 'experiments.json'),
    JSON.stringify([{ id: 'e1', control: '1.2.0', treatment: '1.3.0' }]),
  );
  const address = `127.0.0.1:${await freePort()}`;
  pageAddress = `127.0.0.1:${await freePort()}`;
  metricsAddress = `127.0.0.1:${await freePort()}`;
  service = spawnService({
    name: 'insights',
    entry: `${REPOSITORY}/services/insights/src/main.ts`,
    address,
    onLine: (line) => {
      log += `${line}\n`;
    },
    env: {
      NATS_URL: nats.url,
      ATELIER_LOG_LEVEL: 'debug',
      ATELIER_METRICS_ADDRESS: metricsAddress,
      ATELIER_PAGE_ADDRESS: pageAddress,
      ATELIER_INSIGHTS_DATABASE: join(folder, 'insights.duckdb'),
      ATELIER_INSIGHTS_EXPERIMENTS: join(folder, 'experiments.json'),
      ATELIER_INSIGHTS_PARQUET_FOLDER: join(folder, "analyst's"),
      ATELIER_INSIGHTS_USER_DATA_FOLDER: join(folder, 'user-data'),
      ATELIER_INSIGHTS_EXPORT_EVERY_MS: '0',
    },
  });
  client = createClient(InsightsService, { address });
  await service.ready();
  await fill();
});
afterAll(async () => {
  client?.close();
  await service?.stop();
  await events?.close();
  await nats?.stop();
  await rm(folder, { recursive: true, force: true });
});

let count = 0;
async function interact(
  generationId: string,
  userId: string,
  kind: NonNullable<MessageInitShape<typeof InteractionSchema>['kind']>,
  atMs = NOW,
): Promise<void> {
  count += 1;
  await events.publish(
    feedbackEvents,
    create(FeedbackEventSchema, {
      interaction: {
        interactionId: `i${count}`,
        generationId,
        userId,
        kind,
        occurTime: timestampFromMs(atMs),
      },
      receiveTime: timestampFromMs(atMs),
    }),
  );
}

/** A finished generation: record, picture and event. */
async function finish(id: string, options: { private?: boolean; seconds?: number } = {}): Promise<void> {
  const uri = await events.images.put(id, 0, Buffer.from(`picture of ${id}`));
  const generation = {
    id,
    state: GenerationState.SUCCEEDED,
    prompt: PROMPT,
    private: options.private ?? false,
    result: {
      case: 'images' as const,
      value: { images: [{ content: { case: 'uri' as const, value: uri } }] },
    },
    modelVersions: [MODEL],
    stages: [{ name: 'diffusion', durationMs: (options.seconds ?? 1) * 1_000 }],
    createTime: timestampFromMs(NOW - (options.seconds ?? 1) * 1_000),
    endTime: timestampFromMs(NOW),
  };
  await events.generations.create(id, create(GenerationRecordSchema, { generation }));
  const what = { case: 'finished' as const, value: generation };
  await events.publish(
    generationEvents,
    create(GenerationEventSchema, { generationId: id, sequence: 1n, what }),
  );
}

const requested = (learningConsent: boolean, more = {}) => ({
  case: 'requested' as const,
  value: { learningConsent, ...more },
});
const shown = { case: 'shown' as const, value: {} };
const clicked = { case: 'clicked' as const, value: {} };

/** Events of eight generations; the click of the first comes before its picture was shown. */
async function fill(): Promise<void> {
  const inExperiment = (variant: ExperimentVariant) => ({ experimentId: 'e1', variant });
  await interact('agreed', 'ada', clicked, NOW + 5_000);
  await interact('agreed', 'ada', requested(true, inExperiment(ExperimentVariant.CONTROL)), NOW - 5_000);
  await interact('agreed', 'ada', shown);
  await interact('refused', 'ben', requested(false, inExperiment(ExperimentVariant.TREATMENT)));
  await interact('refused', 'ben', shown);
  await interact('kept', 'ada', requested(true));
  await interact('reported', 'ada', requested(true));
  await interact('reported', 'ben', { case: 'reported', value: { reason: ReportReason.PERSON } });
  await interact('disliked', 'ada', requested(true));
  await interact('disliked', 'ada', { case: 'rated', value: { rating: Rating.UP } }, NOW);
  await interact('disliked', 'ada', { case: 'rated', value: { rating: Rating.DOWN } }, NOW + 1_000);
  await interact('nobodys', '', requested(true));
  await interact('withdrawn', 'cleo', requested(true), NOW - 60_000);
  await interact('again', 'cleo', requested(true), NOW + 60_000);
  await finish('agreed', { seconds: 3 });
  for (const id of ['refused', 'reported', 'disliked', 'nobodys', 'withdrawn', 'again']) await finish(id);
  await finish('kept', { private: true });
  await eventually('all events', async () => (await client.getMetrics({})).events === BigInt(count + 8));
}

describe('metrics', () => {
  it('are by model version', async () => {
    const { overall, byModel } = await client.getMetrics({});
    expect(byModel).toHaveLength(1);
    expect(byModel[0]?.modelVersion).toMatchObject(MODEL);
    expect(overall).toMatchObject({
      impressions: 2n,
      clickThroughRate: { value: 0.5, count: 2n },
      feedbackScore: { value: 0, count: 1n },
      generations: { succeeded: 8n, images: 8n },
      latency: { p50Seconds: 1, p99Seconds: 3 },
    });
    // 7 seconds of known users and 1 of nobody's… at 40,000 millionths an hour: ada 3+1+1+1, ben 1, cleo 2.
    const [cost] = overall?.costs ?? [];
    expect(cost).toMatchObject({ month: '2026-11', perUserMicros: { count: 3n } });
    expect(cost?.totalMicros).toBeCloseTo((10 * 40_000) / 3_600, 2);
    expect(cost?.unattributedMicros).toBeCloseTo(40_000 / 3_600, 2);
    expect(cost?.perUserMicros?.value).toBeCloseTo((9 * 40_000) / 3_600 / 3, 2);
  });

  it('of a span leave out what was before and after', async () => {
    const span = { startTime: timestampFromMs(NOW - 1_000), endTime: timestampFromMs(NOW + 1) };
    // The click came later: it belongs to the impression.
    expect((await client.getMetrics(span)).overall).toMatchObject({
      impressions: 2n,
      clickThroughRate: { value: 0.5 },
    });
    const later = { startTime: timestampFromMs(NOW + 1) };
    expect((await client.getMetrics(later)).overall).toMatchObject({
      impressions: 0n,
      generations: { succeeded: 0n },
    });
  });

  it('are gauges, and plots on a page without scripts', async () => {
    const gauges = await (await fetch(`http://${metricsAddress}/metrics`)).text();
    expect(gauges).toMatch(
      /atelier_insights_click_through_rate(_ratio)?\{[^}]*model="starter\/denoiser"[^}]*bound="value"[^}]*\} 0\.5/,
    );
    const page = await fetch(`http://${pageAddress}/`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('Click-through rate');
    expect(html).toMatch(/<svg[^>]*aria-label="Time spent|<svg[^>]*aria-label="Latency/);
    expect(html).toContain('Experiment e1');
    expect(html).not.toMatch(/<script|src=|href=/);
    expect((await fetch(`http://${pageAddress}/etc`)).status).toBe(404);
  });
});

describe('experiments', () => {
  it('keep a user on one side', async () => {
    const asked = { experimentId: 'e1', userId: 'ada' };
    const first = await client.assignVariant(asked);
    expect(await client.assignVariant(asked)).toEqual(first);
    const sides = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((userId) =>
        client.assignVariant({ experimentId: 'e1', userId }),
      ),
    );
    expect(new Set(sides.map(({ modelVersion }) => modelVersion))).toEqual(new Set(['1.2.0', '1.3.0']));
  });

  it('compare users', async () => {
    const result = await client.getExperiment({ experimentId: 'e1' });
    expect(result).toMatchObject({
      control: { modelVersion: '1.2.0', users: 1n },
      treatment: { modelVersion: '1.3.0', users: 1n },
      splitPValue: 1,
    });
    const comparison = result.comparisons.find(({ action }) => action === 'clicked');
    // 1 of 1 against 0 of 1: pooled ½, standard error √½.
    expect(comparison?.z).toBeCloseTo(-Math.SQRT2, 10);
    expect(comparison?.pValue).toBeCloseTo(0.1573, 4);
  });

  it('that are not there, and bad requests, are refused', async () => {
    const codeOf = async (call: Promise<unknown>) =>
      await call.then(
        () => null,
        (error: unknown) => RpcError.from(error).code,
      );
    expect(await codeOf(client.getExperiment({ experimentId: 'none' }))).toBe(Code.NOT_FOUND);
    expect(await codeOf(client.assignVariant({ experimentId: 'e1' }))).toBe(Code.INVALID_ARGUMENT);
    const backwards = { startTime: timestampFromMs(2), endTime: timestampFromMs(1) };
    expect(await codeOf(client.getMetrics(backwards))).toBe(Code.INVALID_ARGUMENT);
  });
});

describe('exports', () => {
  const pictures = async () => (await readdir(join(folder, 'user-data/pictures'))).sort();

  it('hold what was agreed to and nothing else, with captions for the data pipeline', async () => {
    expect(await client.exportData({})).toMatchObject({
      picturesAdded: 3n,
      picturesRemoved: 0n,
      pictures: 3n,
    });
    expect(await pictures()).toEqual([
      'again-0.json',
      'again-0.png',
      'agreed-0.json',
      'agreed-0.png',
      'withdrawn-0.json',
      'withdrawn-0.png',
    ]);
    const place = join(folder, 'user-data/pictures/agreed-0');
    expect(await readFile(`${place}.png`, 'utf8')).toBe('picture of agreed');
    expect(JSON.parse(await readFile(`${place}.json`, 'utf8'))).toEqual({ caption: PROMPT });
    expect(await client.exportData({})).toMatchObject({ picturesAdded: 0n, pictures: 3n });
  });

  it('take out what consent is withdrawn from, without being asked, and name it in the opt-out list', async () => {
    await interact('', 'cleo', { case: 'consentChanged', value: { granted: false } }, NOW);
    await eventually('one picture less', async () => (await pictures()).length === 4);
    // What was asked for with consent later stays.
    expect(await pictures()).toEqual(['again-0.json', 'again-0.png', 'agreed-0.json', 'agreed-0.png']);
    const list = await readFile(join(folder, 'user-data/opt-out.txt'), 'utf8');
    expect(list).toMatch(/^[0-9a-f]{64}\n$/);
    await interact('', 'cleo', { case: 'consentChanged', value: { granted: true } }, NOW + 1_000);
    await eventually('the grant', async () => (await client.getMetrics({})).events === BigInt(count + 8));
    expect(await client.exportData({})).toMatchObject({ picturesAdded: 0n, pictures: 2n });
  });

  it('are Parquet that others read, without prompts', async () => {
    const { parquetFiles } = await client.exportData({});
    expect(parquetFiles.map((file) => file.split('/').at(-1))).toEqual([
      'interactions.parquet',
      'generations.parquet',
    ]);
    const [interactions = [], generations = []] = await Promise.all(
      parquetFiles.map(async (file) => {
        const bytes = await readFile(file);
        const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
        return await parquetReadObjects({ file: buffer as ArrayBuffer });
      }),
    );
    expect(interactions).toHaveLength(count);
    expect(generations).toHaveLength(8);
    expect(Object.keys(interactions[0] ?? {})).not.toContain('consent');
  });

  it('leave no prompt in database, Parquet or log', async () => {
    const files = ['insights.duckdb', 'insights.duckdb.wal', "analyst's/generations.parquet"];
    const contents = await Promise.all(
      files.map((file) => readFile(join(folder, file), 'latin1').catch(() => '')),
    );
    expect(contents.join('') + log).not.toContain('canary-4471');
    expect(log).toContain('serving');
  });
});
