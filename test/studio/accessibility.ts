/** What axe finds wrong with a page as it stands. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** One line for each element that breaks a rule; none: all is well. */
export async function violations(page: Page): Promise<string[]> {
  // Through the browser's debugger: the page's own policy lets no foreign script in.
  await page.evaluate(axe.source);
  // What fades in has its contrast at the end; what goes on for ever has none.
  await page.evaluate('for (const each of document.getAnimations()) try { each.finish() } catch {}');
  const found = await page.evaluate<
    { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[]
  >('axe.run().then(({ violations }) => violations)');
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
  );
}
