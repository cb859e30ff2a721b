/** One page that shows what a run did: samples for each reason, distributions, duplicates side by side. */
import { REASONS, type Reason } from '../reasons.ts';
import { FILES, type Run } from '../run.ts';
import type { Decided } from '../stages/decide.ts';
import type { Statistics } from './statistics.ts';

const SAMPLES = 12;
const PAIRS = 24;

/** @param lines of the ledger by chunk, so that a picture can be found. */
export async function reportHtml(
  run: Run,
  lines: readonly Decided[],
  chunkOf: (item: number) => number,
  figures: Statistics,
): Promise<string> {
  const picture = async (line: Decided): Promise<string> => {
    const span = line.pictures.png;
    const label = escaped(`${line.item}: ${line.captions[0]?.text ?? ''} ${line.verdict.detail}`);
    if (!span)
      return `<figure title="${escaped(line.source)}"><div class="none">no picture</div><figcaption>${label}</figcaption></figure>`;
    const png = await run.store.readRange(FILES.pictures(chunkOf(line.item)), ...span);
    return `<figure title="${escaped(line.source)}"><img alt="" src="data:image/png;base64,${png.toString('base64')}"><figcaption>${label}</figcaption></figure>`;
  };
  const sections: string[] = [];
  for (const [reason, meaning] of Object.entries(REASONS) as [Reason, string][]) {
    const all = lines.filter(({ verdict }) => verdict.reason === reason);
    if (all.length === 0) continue;
    const samples = await Promise.all(evenly(all, SAMPLES).map(picture));
    sections.push(
      `<h2>${reason} <small>${all.length}: ${meaning}</small></h2><div class="row">${samples.join('')}</div>`,
    );
  }
  const byItem = new Map(lines.map((line) => [line.item, line]));
  const duplicates = evenly(
    lines.filter(({ duplicateOf }) => duplicateOf !== null),
    PAIRS,
  );
  const pairs = await Promise.all(
    duplicates.map(
      async (line) =>
        `<div class="pair">${await picture(line)}${await picture(byItem.get(line.duplicateOf as number) as Decided)}</div>`,
    ),
  );
  const decoded = lines.filter(({ width }) => width > 0);
  const charts = [
    histogram(
      'shorter side, pixels',
      decoded.map(({ width, height }) => Math.min(width, height)),
      [0, 64, 128, 256, 512, 1024, 2048],
    ),
    histogram(
      'sharpness',
      decoded.map(({ sharpness }) => sharpness),
      [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    ),
    histogram(
      'contrast',
      decoded.map(({ contrast }) => contrast),
      [0, 6, 20, 40, 60, 80],
    ),
  ];
  const rest = figures.notScored.map((line) => `<li>${escaped(line)}</li>`).join('');
  return `<!doctype html><meta charset="utf-8"><title>Curation report</title><style>
body{font:14px system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}small{color:#666;font-weight:400}.row{display:flex;flex-wrap:wrap;gap:.6rem}
figure{margin:0;width:96px}img,.none{width:96px;height:96px;image-rendering:pixelated;background:#eee;display:block}.none{text-align:center;line-height:96px;color:#888}
figcaption{font-size:10px;overflow-wrap:anywhere;max-height:5em;overflow:hidden}.pair{display:flex;gap:2px;margin-right:1rem}</style>
<h1>Curation report</h1><p>${figures.items} items, ${figures.kept} kept in ${figures.shards} shards.</p><ul>${rest}</ul>
${charts.join('')}<h2>Duplicates <small>removed beside the copy that stays</small></h2><div class="row">${pairs.join('')}</div>${sections.join('')}\n`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** At most `count` of them, spread over all. */
const evenly = <T>(all: readonly T[], count: number): T[] =>
  Array.from(
    { length: Math.min(count, all.length) },
    (_, i) => all[Math.floor((i * all.length) / Math.min(count, all.length))] as T,
  );

function histogram(title: string, values: readonly number[], edges: readonly number[]): string {
  const counts = edges.map(
    (low, i) => values.filter((value) => value >= low && value < (edges[i + 1] ?? Infinity)).length,
  );
  const most = Math.max(1, ...counts);
  const rows = edges.map(
    (low, i) =>
      `<text x="0" y="${16 * i + 12}">≥ ${low}</text><rect x="60" y="${16 * i + 2}" width="${(300 * (counts[i] as number)) / most}" height="12" fill="#68a"/><text x="${66 + (300 * (counts[i] as number)) / most}" y="${16 * i + 12}">${counts[i]}</text>`,
  );
  return `<h2>${title}</h2><svg width="440" height="${16 * edges.length + 4}" font-size="11">${rows.join('')}</svg>`;
}
