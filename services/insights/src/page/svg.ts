/** Plots as SVG. Pure. */

/** A figure with its interval; all in the same unit. */
export interface Bar {
  label: string;
  value: number;
  low: number;
  high: number;
}

/** Pixels. */
const WIDTH = 640;
const ROW = 28;
const LABEL = 190;
const VALUE = 90;
const DOT = 5;
const TOP = 8;

/** A row for each bar: a dot at its value on a line from low to high, over a common axis from 0. */
export function forestPlot(title: string, bars: readonly Bar[], format: (value: number) => string): string {
  const most = Math.max(...bars.map(({ high }) => high), Number.MIN_VALUE);
  const x = (value: number): string => (LABEL + (value / most) * (WIDTH - LABEL - VALUE)).toFixed(1);
  const height = TOP + bars.length * ROW + TOP;
  const rows = bars.map(({ label, value, low, high }, index) => {
    const y = TOP + index * ROW + ROW / 2;
    return `<text x="0" y="${y + 4}">${escaped(label)}</text>
<line class="interval" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}"/>
<circle cx="${x(value)}" cy="${y}" r="${DOT}"/>
<text class="value" x="${WIDTH}" y="${y + 4}">${escaped(format(value))}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
<line class="axis" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${height}"/>
${rows.join('\n')}
</svg>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML and SVG, in attributes too. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
