/** The studio in a real browser, on a whole mesh, with insights counting what is done in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InsightsService } from '@atelier/contracts';
import { freePort, REPOSITORY, type ServiceProcess, spawnService } from '@atelier/local-mesh';
import { type Client, createClient } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LoggedMesh, startAll } from '../mesh.ts';
import { violations } from './accessibility.ts';
import { openBrowser, whyNoBrowser } from './browser.ts';
import { recordMotion } from './motion.ts';

// Other programs may have the cores: a picture then takes half a minute.
const PATIENCE_MS = 120_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });
if (whyNoBrowser) console.log(`studio tests skipped: ${whyNoBrowser}`);

describe.skipIf(whyNoBrowser)('the studio', () => {
  let mesh: LoggedMesh;
  let folder = '';
  let insights: ServiceProcess;
  let metrics: Client<typeof InsightsService> & { close(): void };
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-studio-'));
    mesh = await startAll({ envFor: { orchestrator: { ATELIER_PREVIEW_EVERY_STEPS: '4' } } });
    const address = `127.0.0.1:${await freePort()}`;
    insights = spawnService({
      name: 'insights',
      entry: `${REPOSITORY}/services/insights/src/main.ts`,
      address,
      env: {
        ...mesh.env,
        ATELIER_LOG_LEVEL: 'warn',
        ATELIER_INSIGHTS_DATABASE: join(folder, 'insights.duckdb'),
      },
    });
    [browser] = await Promise.all([openBrowser(), insights.ready()]);
    metrics = createClient(InsightsService, { address });
  }, PATIENCE_MS);
  afterAll(async () => {
    metrics?.close();
    await browser?.close();
    await insights?.stop();
    await mesh?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    complaints.length = 0;
    context = await browser.newContext({ viewport: { width: 1_280, height: 900 }, acceptDownloads: true });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS / 2);
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(mesh.url('web'));
  });
  afterEach(async () => {
    await context.close();
  });

  /** Ask for a picture and wait for it. */
  async function draw(prompt: string, size: 64 | 256 | 1_024 = 64): Promise<void> {
    await page.check(`input[name="size"][value="${size}"]`);
    await page.fill('#prompt', prompt);
    await page.press('#prompt', 'Enter'); // the button may lie under suggestions
    await page.locator('.easel button.frame img').waitFor();
  }

  const overall = async () => (await metrics.getMetrics({}, { timeoutMs: 30_000 })).overall;

  test('from three letters to a rated picture, which the metrics know of', async () => {
    const before = (await overall())?.feedbackScore?.count ?? 0n;
    const motion = await recordMotion(page);
    await page.locator('#prompt').pressSequentially('A do', { delay: 60 });
    const options = page.getByRole('option');
    await options.first().waitFor();
    expect(await options.count()).toBeGreaterThan(1);
    const chosen = (await options.first().textContent()) ?? '';
    expect(chosen.toLowerCase()).toMatch(/^a do/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.inputValue('#prompt')).toBe(chosen);

    await page.click('#generate');
    const picture = page.locator('.easel button.frame img');
    await picture.waitFor();
    const { progress, previews } = await motion();
    expect(progress.length).toBeGreaterThan(5);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    expect(previews).toBeGreaterThan(1);

    const source = (await picture.getAttribute('src')) ?? '';
    const bytes = await (await context.request.get(new URL(source, mesh.url('web')).href)).body();
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 1_024, height: 1_024, format: 'png' });
    expect(await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(1_024);

    await page.getByRole('button', { name: 'I like it', exact: true }).click();
    await page.getByRole('button', { name: 'I like it', exact: true, pressed: true }).waitFor();
    await eventually(
      'the rating',
      async () => ((await overall())?.feedbackScore?.count ?? 0n) > before,
      30_000,
    );
    expect((await overall())?.feedbackScore?.value).toBe(1);
    expect((await overall())?.impressions).toBeGreaterThan(0n);

    expect(mesh.log.join('\n').toLowerCase()).not.toContain(chosen.toLowerCase());
    expect(complaints).toEqual([]);
  });

  test('script and first paint keep their budget', async () => {
    await page.waitForLoadState('networkidle');
    const scripts = await page.evaluate<string[]>(
      "performance.getEntriesByType('resource').filter(({ initiatorType, name }) => initiatorType === 'script' || name.endsWith('.ts')).map(({ name }) => name)",
    );
    let bytes = 0;
    for (const script of new Set(scripts)) bytes += (await (await fetch(script)).bytes()).length;
    const paints: number[] = [];
    for (let time = 0; time < 5; time++) {
      await page.reload({ waitUntil: 'load' });
      const paint = await page.waitForFunction(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime",
      );
      paints.push(Number(await paint.jsonValue()));
    }
    const median = paints.sort((a, b) => a - b)[2] as number;
    console.log(
      `studio: script ${bytes} bytes in ${scripts.length} files, first paint ${Math.round(median)} ms`,
    );
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(150_000);
    expect(median).toBeLessThan(1_000);
  });

  test.each(['light', 'dark'] as const)('nobody is kept out: axe, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator('#ideas li').first().waitFor();
    await page.click('#more');
    expect(await violations(page), 'empty').toEqual([]);
    await page.locator('#prompt').pressSequentially('A bo');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await violations(page), 'suggestions').toEqual([]);
    await page.keyboard.press('Escape');
    await draw('A boat on an ocean with an avocado');
    await page.getByText('Never seen: avocado').waitFor();
    expect(await violations(page), 'picture').toEqual([]);
    await page.locator('.easel button.frame').click();
    await page.locator('dialog#viewer[open]').waitFor();
    expect(await violations(page), 'viewer').toEqual([]);
    await page.locator('#viewer').getByRole('button', { name: 'Report' }).click();
    expect(await violations(page), 'report').toEqual([]);
    await page.getByRole('button', { name: 'Never mind' }).click();
    await page.locator('#viewer').getByRole('button', { name: 'Change a part' }).click();
    await page.locator('dialog#retouch[open]').waitFor();
    expect(await violations(page), 'retouch').toEqual([]);
    await page.locator('#retouch').getByRole('button', { name: 'Close' }).click();
    await page.click('#privacy-open');
    expect(await violations(page), 'privacy').toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await violations(page), 'phone').toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  test('by keyboard alone, enrichment shown and taken back', async () => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the prompt');
    await page.keyboard.press('Enter');
    await page.keyboard.type('A boat');
    await page.locator('#enrichment mark').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#enrichment-undo').focus();
    await page.keyboard.press('Enter');
    expect(await page.isChecked('#enhance')).toBe(false);
    await page.locator('input[name="size"][value="1024"]').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.locator('#prompt').focus();
    await page.keyboard.press('Enter');
    await page.locator('.easel button.frame img').waitFor();
    expect(await page.locator('.easel mark').count()).toBe(0);
  });

  test('a prompt of markup is text, everywhere', async () => {
    const prompt = 'A boat <img src=x onerror="document.title=1"><script>document.title=2</script>';
    await draw(prompt);
    await page.reload();
    await page.locator('.tile').first().waitFor();
    await page.locator('.tile').first().click();
    expect(await page.locator('#viewer .what').textContent()).toContain('<script>');
    expect(await page.title()).toBe('Atelier');
    expect(complaints).toEqual([]);
  });

  test('a blocked prompt is explained', async () => {
    await page.fill('#prompt', 'A man murders a woman with a knife, blood');
    await page.press('#prompt', 'Enter');
    await page.getByText('This one is not drawn here').waitFor();
    await page.getByText(/seems to be about violence/).waitFor();
    expect(await page.locator('.notice mark').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
  });

  test('pictures are kept, varied, changed in part, found again', async () => {
    await draw('A red house on a hill');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.easel').getByRole('button', { name: 'WebP' }).click(),
    ]);
    expect(await sharp(await download.path()).metadata()).toMatchObject({ width: 64, format: 'webp' });

    const [varied] = await Promise.all([
      page.waitForRequest(
        (request) => request.method() === 'POST' && request.url().endsWith('/api/generations'),
      ),
      page.locator('.easel').getByRole('button', { name: 'Vary' }).click(),
    ]);
    expect(varied.postDataJSON()).toMatchObject({ from: { imageIndex: 0 }, strength: 0.65 });
    await page.locator('#gallery li').nth(1).waitFor();

    await page.locator('.easel').getByRole('button', { name: 'Change a part' }).click();
    const box = (await page.locator('#retouch canvas').boundingBox()) as NonNullable<unknown> & DOMRectLike;
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 6 });
    await page.mouse.up();
    const [retouched] = await Promise.all([
      page.waitForRequest(
        (request) => request.method() === 'POST' && request.url().endsWith('/api/generations'),
      ),
      page.getByRole('button', { name: 'Draw anew' }).click(),
    ]);
    const { mask } = retouched.postDataJSON() as { mask: string };
    const { channels } = await sharp(Buffer.from(mask, 'base64')).removeAlpha().stats();
    expect([channels[0]?.min, channels[0]?.max]).toEqual([0, 255]);
    await page.locator('#gallery li').nth(2).waitFor();

    await draw('A boat on an ocean');
    await page.fill('#search', 'house');
    await expect.poll(() => page.locator('#gallery li').count(), { timeout: 10_000 }).toBe(3);
    await page.fill('#search', 'zebra');
    await page.getByText('Nothing of what you drew matches.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('words for when the studio is away', async () => {
    await context.setOffline(true);
    await page.fill('#prompt', 'A boat');
    await page.press('#prompt', 'Enter');
    await page.getByText('The studio does not answer.').first().waitFor();
    await context.setOffline(false);
  });
});

interface DOMRectLike {
  x: number;
  y: number;
  width: number;
  height: number;
}
