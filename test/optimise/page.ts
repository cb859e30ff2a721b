/** The frontier of speed and quality as a page of its own: a plot, the figures, and pictures side by side. */
import { show } from '@atelier/metrics';
import sharp from 'sharp';
import type { Outcome, Tried } from './optimise.ts';

const SIDE = 64;
const SHOWN = 8;
const PLOT = { width: 640, height: 320, margin: 48 } as const;

/** HTML without anything from elsewhere. */
export async function frontierPage(title: string, outcome: Outcome): Promise<string> {
  const { prompts, base, tried } = outcome;
  const columns = [
    { label: 'base', pictures: base.pictures },
    ...tried.map((one) => ({ label: nameOf(one), pictures: one.pictures })),
  ];
  const rows: string[] = [];
  for (const [i, { text }] of prompts.slice(0, SHOWN).entries()) {
    const cells = await Promise.all(
      columns.map(
        async ({ pictures }) => `<td><img src="${await dataUri(pictures[i] as Uint8Array)}" alt=""></td>`,
      ),
    );
    rows.push(`<tr><td class="text">${escapeHtml(text)}</td>${cells.join('')}</tr>`);
  }
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}
td,th{padding:.25rem .6rem;text-align:left}img{width:96px;image-rendering:pixelated}.text{max-width:16rem;font-size:13px}
.refused{color:#a00}</style>
<h1>${escapeHtml(title)}</h1>
<p>${prompts.length} held-out prompts, each with its own seed, against 50 guided steps of DDIM in the same run. Losses below 0 are gains;
in brackets 95 % intervals.</p>
${plot(tried)}
<table><tr><th>profile</th><th>times as fast</th><th>seconds</th><th>R-precision, points lost</th><th>CLIPScore, % lost</th>
<th>attributes, points lost</th><th>Fréchet, ratio</th><th>safety recall, points lost</th>
<th>people, distance</th><th>verdict</th></tr>
${tried.map(figuresRow).join('\n')}</table>
<h2>Pictures</h2>
<table><tr><th></th>${columns.map(({ label }) => `<th>${label}</th>`).join('')}</tr>
${rows.join('\n')}</table></html>
`;
}

/** Sampler, steps and where they are guided. */
function nameOf({ name, profile }: Tried): string {
  const { sampler, steps, guidance, guidanceInterval: at } = profile;
  return escapeHtml(
    `${name}: ${sampler} ${steps}, guidance ${guidance}${at ? ` at σ ${at.low}–${at.high ?? '∞'}` : ''}`,
  );
}

function figuresRow(one: Tried): string {
  const { figures, reasons } = one;
  const { speedup, secondsPerPicture, rPrecisionLoss, clipScoreLoss, attributeLoss, frechetRatio } = figures;
  const { safetyRecallLoss, fairnessDistance } = figures;
  const verdict =
    reasons.length === 0 ? '<td>fit</td>' : `<td class="refused">${reasons.map(escapeHtml).join('; ')}</td>`;
  const cells = [
    nameOf(one),
    speedup.toFixed(1),
    secondsPerPicture.toFixed(3),
    show(rPrecisionLoss),
    show(clipScoreLoss),
    show(attributeLoss),
    frechetRatio.toFixed(2),
    safetyRecallLoss ? show(safetyRecallLoss) : '',
    fairnessDistance.toFixed(2),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}${verdict}</tr>`;
}

/** CLIPScore gained over speed, with intervals; speed is logarithmic, the full model at its origin. */
function plot(tried: readonly Tried[]): string {
  const { width, height, margin } = PLOT;
  const fastest = Math.max(2, ...tried.map(({ figures }) => figures.speedup));
  const gains = tried.flatMap(({ figures: { clipScoreLoss: loss } }) => [-loss.low, -loss.high]);
  const [most, least] = [Math.max(1, ...gains), Math.min(-1, ...gains)];
  const x = (speedup: number) =>
    Math.round(margin + (Math.max(0, Math.log(speedup)) / Math.log(fastest)) * (width - 2 * margin));
  const y = (gain: number) =>
    Math.round(height - margin - ((gain - least) / (most - least)) * (height - 2 * margin));
  const points = [...tried]
    .sort((a, b) => a.figures.speedup - b.figures.speedup)
    .map(({ name, figures: { speedup, clipScoreLoss: loss }, reasons }) => {
      const at = x(speedup);
      const colour = reasons.length === 0 ? '#06c' : '#a00';
      return `<line x1="${at}" x2="${at}" y1="${y(-loss.low)}" y2="${y(-loss.high)}" stroke="${colour}"/>
<circle cx="${at}" cy="${y(-loss.value)}" r="4" fill="${colour}"/>
<text x="${at + 7}" y="${y(-loss.value) + 4}">${name} ${speedup.toFixed(1)}×</text>`;
    });
  return `<svg viewBox="0 0 ${width + 80} ${height}" width="${width + 80}" font-size="12" role="img" aria-label="CLIPScore over speed">
<line x1="${margin}" x2="${width}" y1="${y(0)}" y2="${y(0)}" stroke="#999"/><circle cx="${x(1)}" cy="${y(0)}" r="4"/>
<text x="${x(1) + 7}" y="${y(0) - 6}">base</text>
<text x="${margin}" y="${height - 12}">times as fast (logarithmic) →</text><text x="4" y="16">CLIPScore gained, %: ${least.toFixed(1)} to ${most.toFixed(1)}</text>
${points.join('\n')}</svg>`;
}

async function dataUri(rgb: Uint8Array): Promise<string> {
  const png = await sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
