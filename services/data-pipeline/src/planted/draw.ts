/** Draws the planted corpus: tars of pictures with captions, as strangers would deliver them. */
import {
  type Caption,
  composeScene,
  createRandom,
  type Random,
  renderPng,
  type Scene,
  tarStream,
} from '@atelier/scenes';
import sharp, { type Sharp } from 'sharp';
import { FILES, type Run } from '../run.ts';
import { FOREIGN, HARMFUL } from './captions.ts';
import { type Defect, type PlantedCorpus, type PlantedItem, plantedItems } from './plan.ts';

/** Edge of the drawings, pixels. */
const SIDE = 128;

export async function drawTar({ store, options }: Run, tar: number): Promise<void> {
  const corpus = options.planted as PlantedCorpus;
  sharp.concurrency(1);
  const items = plantedItems(corpus, tar * options.chunkSize, options.chunkSize);
  const parts: Buffer[] = [];
  for await (const part of tarStream(members(items))) parts.push(part as Buffer);
  await store.write(FILES.raw(tar), Buffer.concat(parts));
  await store.write(FILES.drawn(tar), '');
}

async function* members(items: readonly PlantedItem[]) {
  for (const planted of items) {
    const random = createRandom(`${planted.scene}/${planted.item}/${planted.defect ?? 'clean'}`);
    const scene = composeScene(planted.scene);
    const key = String(planted.item).padStart(9, '0');
    const captions = captionsFor(scene, planted, random);
    const { domain, attributes } = scene;
    yield { name: `${key}.json`, body: Buffer.from(JSON.stringify({ domain, attributes, captions })) };
    const { extension, body } = await pictureFor(scene, planted.defect, random);
    yield { name: `${key}.${extension}`, body };
  }
}

/** Two of the scene's captions, or what the defect makes of them. */
function captionsFor(
  scene: Scene,
  { defect, scene: seed }: PlantedItem,
  random: Random,
): Pick<Caption, 'text'>[] {
  const own = random.sample(scene.captions, 2);
  if (defect === 'caption_missing')
    return random.pick([
      [],
      [{ text: '' }],
      [{ text: 'IMG_2041.jpg' }],
      [{ text: 'https://example.com/a.png' }],
    ]);
  if (defect === 'caption_foreign') return [{ text: random.pick(FOREIGN) }];
  if (defect === 'harmful') return [{ text: `${own[0]?.text} ${random.pick(HARMFUL)}` }];
  if (defect === 'caption_mismatched') return mismatched(scene, seed, random);
  return own;
}

/** Two captions of another scene that both state something that is not so here. */
function mismatched(scene: Scene, seed: number, random: Random): Pick<Caption, 'text'>[] {
  for (let other = seed + 50_000_000; ; other += 1_000_000) {
    const { captions, domain, attributes } = composeScene(other);
    const wrong = captions.filter(
      ({ states }) =>
        domain !== scene.domain || states.some((key) => attributes[key] !== scene.attributes[key]),
    );
    if (wrong.length >= 2) return random.sample(wrong, 2);
  }
}

async function pictureFor(
  scene: Scene,
  defect: Defect | null,
  random: Random,
): Promise<{ extension: string; body: Buffer }> {
  if (defect === 'tiny') return { extension: 'png', body: await renderPng(scene, random.int(16, 63)) };
  const png = await renderPng(scene, SIDE);
  if (defect === 'undecodable')
    return { extension: 'png', body: png.subarray(0, Math.floor(png.length * random.range(0.05, 0.7))) };
  if (defect === 'reencoded')
    return {
      extension: 'jpg',
      body: await sharp(png)
        .jpeg({ quality: random.int(40, 80) })
        .toBuffer(),
    };
  const changed = changedBy(defect, sharp(png), random);
  return { extension: 'png', body: changed ? await changed.png().toBuffer() : png };
}

function changedBy(defect: Defect | null, picture: Sharp, random: Random): Sharp | null {
  if (defect === 'rotated') {
    const quarter = random.int(0, 3);
    return quarter === 0 ? picture.flop() : picture.rotate(90 * quarter);
  }
  if (defect === 'cropped') {
    const [width, height] = [0, 0].map(() => Math.round(SIDE * random.range(0.84, 0.96))) as [number, number];
    return picture.extract({
      left: random.int(0, SIDE - width),
      top: random.int(0, SIDE - height),
      width,
      height,
    });
  }
  if (defect === 'watermarked') return picture.composite([{ input: watermark(random) }]);
  if (defect === 'blurred') return picture.blur(random.range(3, 6));
  return null;
}

function watermark(random: Random): Buffer {
  const [x, y] = [random.int(6, 50), random.int(20, 120)];
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><text x="${x}" y="${y}" font-family="sans-serif" font-size="14" fill="#fff" fill-opacity="0.6">© sample</text></svg>`,
  );
}
