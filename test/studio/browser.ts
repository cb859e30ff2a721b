/** A real browser, Debian's Chromium, without a window and without a word to anybody but the studio. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PROGRAM = process.env.ATELIER_CHROMIUM ?? '/usr/bin/chromium';

/** Why there is no browser here; undefined when there is one. */
export const whyNoBrowser = existsSync(PROGRAM)
  ? undefined
  : `no browser at ${PROGRAM}: apt-get install chromium, or name another in ATELIER_CHROMIUM`;

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: PROGRAM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
