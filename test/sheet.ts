/**
 * `npm run sheet -- [--prompts docs/contact-sheet.txt] [--out docs/contact-sheet.jpg] [--columns 8] [--tile 192]`
 *
 * Draws every line of a prompt file through a whole mesh, line n with seed n, default settings, no enhancement, and lays the
 * pictures out with their prompts under them. Nothing is chosen: a blocked or failed line shows as an empty tile and is reported.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createAtelier } from '@atelier/client';
import { GenerationState } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import sharp, { type OverlayOptions } from 'sharp';

const LABEL_HEIGHT = 40;

const { values } = parseArgs({
  options: {
    prompts: { type: 'string', default: 'docs/contact-sheet.txt' },
    out: { type: 'string', default: 'docs/contact-sheet.jpg' },
    columns: { type: 'string', default: '8' },
    tile: { type: 'string', default: '192' },
  },
});
const columns = Number(values.columns);
const tile = Number(values.tile);
const prompts = (await readFile(values.prompts, 'utf8')).split('\n').filter((line) => line.trim());

const mesh = await startMesh({ freePorts: true });
process.on('exit', () => mesh.killNow());
const atelier = createAtelier({ address: mesh.address('orchestrator'), name: 'contact-sheet' });
const tiles: OverlayOptions[] = [];
for (const [index, prompt] of prompts.entries()) {
  const generation = await atelier.generate({ prompt, seed: index, enhance: false }, { previews: false });
  const left = (index % columns) * tile;
  const top = Math.floor(index / columns) * (tile + LABEL_HEIGHT);
  const image = generation.result.case === 'images' ? generation.result.value.images[0] : undefined;
  if (image?.content.case === 'inline') {
    tiles.push({
      input: await sharp(image.content.value.data).resize(tile, tile).png().toBuffer(),
      left,
      top,
    });
  }
  tiles.push({ input: label(prompt, tile), left, top: top + tile });
  console.log(
    `${index}\t${generation.state === GenerationState.SUCCEEDED ? 'drawn' : 'no picture'}\t${prompt}`,
  );
}
atelier.close();
await mesh.stop();

const rows = Math.ceil(prompts.length / columns);
await sharp({
  create: { width: columns * tile, height: rows * (tile + LABEL_HEIGHT), channels: 3, background: '#ffffff' },
})
  .composite(tiles)
  .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
  .toFile(values.out);
console.log(values.out);

/** The prompt in at most two centred lines. */
function label(prompt: string, width: number): Buffer {
  const limit = Math.floor(width / 6.4);
  const lines = [''];
  for (const word of prompt.split(' ')) {
    const line = lines.at(-1) as string;
    if (`${line} ${word}`.trim().length > limit) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`.trim();
  }
  const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const spans = lines
    .slice(0, 2)
    .map((line, i) => `<tspan x="50%" y="${14 + 14 * i}">${escapeXml(line)}</tspan>`);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${LABEL_HEIGHT}"><text font-family="sans-serif" font-size="11.5" text-anchor="middle" fill="#222">${spans.join('')}</text></svg>`,
  );
}
