/**
 * `npm run screenshots`: draws a few pictures in the studio on a whole mesh and photographs it for services/web/README.md. Prompts and
 * seeds are fixed and nothing is chosen, so other weights are one command away.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY, startMesh } from '@atelier/local-mesh';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { openBrowser, whyNoBrowser } from './browser.ts';

const OUT = join(REPOSITORY, 'services/web/docs');
const PATIENCE_MS = 300_000;
const TALL = { width: 1_280, height: 1_130 };
const DESKTOP = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };

const PROMPTS = [
  'A lighthouse on a cliff at night',
  'A red house on a hill at sunset',
  'A sailboat on a calm sea at dawn',
  'A windmill in a green field',
  'Snowy mountains under a clear sky',
  'A boat on an ocean at sunset',
];

if (whyNoBrowser) throw new Error(whyNoBrowser);
await mkdir(OUT, { recursive: true });
const mesh = await startMesh({ freePorts: true, readyTimeoutMs: PATIENCE_MS, nats: { url: '' } });
process.on('exit', () => mesh.killNow());
const browser = await openBrowser();

const context = await contextOf(browser, 'light');
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE_MS);
await page.setViewportSize(TALL);
await page.goto(mesh.url('web'));
for (const [seed, prompt] of PROMPTS.entries()) {
  await draw(page, prompt, seed);
  console.log(`drawn: ${prompt}`);
}
await page.click('#more');
await page.fill('#search', '');
await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
await photograph(page, 'studio-light');

await page.setViewportSize(DESKTOP);
await page.emulateMedia({ colorScheme: 'dark' });
await page.locator('.easel button.frame').click();
await photograph(page, 'viewer-dark');
await page.keyboard.press('Escape');

await page.setViewportSize(PHONE);
await page.reload();
await page.locator('#prompt').pressSequentially('A do', { delay: 80 });
await page.getByRole('option').first().waitFor();
await page.keyboard.press('ArrowDown');
await photograph(page, 'phone-dark');

await browser.close();
await mesh.stop();

async function contextOf(browser: Browser, colorScheme: 'light' | 'dark'): Promise<BrowserContext> {
  return await browser.newContext({ colorScheme, deviceScaleFactor: 2 });
}

async function draw(page: Page, prompt: string, seed: number): Promise<void> {
  if (await page.locator('#finer').isHidden()) await page.click('#more');
  await page.fill('#prompt', prompt);
  await page.fill('#seed', String(seed));
  await page.click('#generate');
  await page.locator('#gallery li').nth(seed).waitFor();
}

/** As a JPEG at the width of a README. */
async function photograph(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(1_000); // pictures fade in
  const png = await page.screenshot();
  const file = join(OUT, `${name}.jpg`);
  const { size } = await sharp(png)
    .resize({ width: 1_280, withoutEnlargement: true })
    .jpeg({ quality: 84 })
    .toFile(file);
  console.log(`${file} ${Math.round(size / 1_024)} KiB`);
}
