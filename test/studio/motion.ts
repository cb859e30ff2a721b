/** What moves on the page while a picture is made. */
import type { Page } from 'playwright-core';

export interface Motion {
  /** Values of the progress bar, in the order in which they came, each once. */
  progress: number[];
  /** Different previews. */
  previews: number;
}

/** Begin to look. @returns what was seen so far. */
export async function recordMotion(page: Page): Promise<() => Promise<Motion>> {
  await page.evaluate(`
    globalThis.motion = { progress: [], previews: new Set() };
    new MutationObserver(() => {
      const value = document.querySelector('.easel progress')?.value;
      if (value && value !== motion.progress.at(-1)) motion.progress.push(value);
      for (const { src } of document.querySelectorAll('.easel img.preview')) motion.previews.add(src);
    }).observe(document.getElementById('easel'), { subtree: true, childList: true, attributes: true, characterData: true });
  `);
  return async () =>
    await page.evaluate<Motion>('({ progress: motion.progress, previews: motion.previews.size })');
}
