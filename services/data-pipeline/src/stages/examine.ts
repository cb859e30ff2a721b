/** Stage 1: everything that can be said of an item by itself. A chunk's result depends on its items alone. */
import { createHash } from 'node:crypto';
import { PICTURE_SIDE, type PictureEmbedding } from '@atelier/vision-language';
import sharp from 'sharp';
import { curateCaptions } from '../caption/curate.ts';
import { type Onlooker, settleCaptions } from '../caption/relevance.ts';
import { bucketOf, nearestBucket } from '../image/aspect.ts';
import { decode, Refused } from '../image/decode.ts';
import { outputPictures, squarePixels } from '../image/output.ts';
import { HASH_BYTES } from '../image/perceptual-hash.ts';
import { qualityOf } from '../image/sharpness.ts';
import { hashOfSignature, packSignature, signatureOf } from '../image/signature.ts';
import type { ObjectReader } from '../input/events.ts';
import type { Fetcher } from '../input/fetch.ts';
import type { Chunk, OpenItem } from '../input/item.ts';
import { openChunk } from '../input/open.ts';
import { openInput } from '../input/plan.ts';
import { type Models, relevanceOf } from '../models.ts';
import { removed, type Verdict } from '../reasons.ts';
import { FILES, type Run } from '../run.ts';
import type { Safety } from '../safety.ts';
import { readJson, toLines } from '../store/store.ts';
import { blank, type Examined } from './examined.ts';

export interface ExamineTools {
  safety: Safety;
  fetcher: Fetcher;
  objects: ObjectReader;
  models: Models | null;
}

/** What an examination leaves in the chunk's files beside the line. */
interface Parts {
  signatures: Uint8Array[];
  hashes: Uint8Array[];
  /** One for each signature when the run has a dual encoder. */
  embeddings: Uint8Array[];
  pictures: Buffer[];
  pictureBytes: number;
}

export async function examineChunk(run: Run, index: number, tools: ExamineTools): Promise<void> {
  // One item at a time on one thread: a worker is one core, and more cores are more workers.
  sharp.concurrency(1);
  sharp.cache(false);
  const { store, options } = run;
  const chunk = await readJson<Chunk>(store, FILES.chunk(index));
  const parts: Parts = { signatures: [], hashes: [], embeddings: [], pictures: [], pictureBytes: 0 };
  const lines: Examined[] = [];
  const optOut = new Set(options.optOut);
  for await (const item of openChunk(openInput(options.input).store, chunk, options.limits.maxBytes)) {
    const line = blank(chunk.first + lines.length, item.source);
    lines.push(line);
    line.verdict = optedOut(item, optOut) ?? (await examine(run, item, line, parts, tools, optOut));
  }
  await store.write(FILES.signatures(index), Buffer.concat(parts.signatures));
  await store.write(FILES.hashes(index), Buffer.concat(parts.hashes));
  await store.write(FILES.embeddings(index), Buffer.concat(parts.embeddings));
  await store.write(FILES.pictures(index), Buffer.concat(parts.pictures));
  // Last: this file says that the chunk is done.
  await store.write(FILES.examined(index), toLines(lines));
}

function optedOut(item: OpenItem, list: ReadonlySet<string>): Verdict | null {
  const names = [
    item.source,
    ...(item.image.kind === 'url' ? [item.image.url] : item.image.kind === 'file' ? [item.image.name] : []),
  ];
  return names.some((name) => list.has(name)) ? removed('opted_out') : null;
}

async function examine(
  { options }: Run,
  item: OpenItem,
  line: Examined,
  parts: Parts,
  { safety, fetcher, objects, models }: ExamineTools,
  optOut: ReadonlySet<string>,
): Promise<Verdict | null> {
  try {
    const bytes = item.bytes ?? (await bytesOf(item, fetcher, objects, options.limits.maxBytes));
    line.bytes = bytes.length;
    line.sha256 = createHash('sha256').update(bytes).digest('hex');
    if (optOut.has(line.sha256)) return removed('opted_out');
    const curated = curateCaptions(item.captions, options.language);
    line.captions = curated.captions;
    line.captionAction = curated.action;
    line.captionLanguage = curated.language;
    if (item.feedback) line.feedback = item.feedback;
    line.domain = item.domain ?? '';
    line.attributes = item.attributes ?? {};

    const decoded = await decode(bytes, options.limits);
    const { format, width, height, frames, working } = decoded;
    const quality = qualityOf(working);
    Object.assign(line, { format, width, height, frames }, quality);
    const bucket = nearestBucket(width, height, options.aspects.map(bucketOf));
    line.bucket = bucket.name;
    const pictures = await outputPictures(bytes, decoded, options.sizes, options.limits, bucket);
    for (const [extension, png] of pictures) {
      line.pictures[extension] = [parts.pictureBytes, png.length];
      parts.pictures.push(png);
      parts.pictureBytes += png.length;
    }
    const { minSide } = options.limits;
    if (Math.min(width, height) < minSide) return removed('too_small', `${width} × ${height}`);
    if (quality.contrast < options.minContrast || quality.entropy < options.minEntropy)
      return removed(
        'low_aesthetic',
        `contrast ${quality.contrast.toFixed(1)}, entropy ${quality.entropy.toFixed(2)}`,
      );
    if (quality.sharpness < options.minSharpness)
      return removed('blurred', `sharpness ${quality.sharpness.toFixed(2)}`);
    const { up = 0, down = 0 } = item.feedback ?? {};
    if (down > up) return removed('disliked', `${down} down, ${up} up`);
    const texts = curated.captions.map(({ text }) => text);
    const harmful = await safety.captions(texts, options.language);
    if (harmful) return removed('harmful_caption', harmful);
    const blocked = await safety.picture(pictures.get('png') as Buffer);
    if (blocked) return removed('harmful_image', blocked);
    const square = models && (await squarePixels(working, PICTURE_SIDE));
    const seen = square && models?.dual ? await models.dual.embedPicture(square) : null;
    if (square && models?.quality) line.quality = await models.quality.score(square);
    const settled = await settleCaptions(curated, seen && onlookerOf(options, models as Models, seen));
    line.captions = settled.captions;
    line.captionAction = settled.action;
    line.captionIssue = settled.issue;
    line.relevance = settled.relevance;
    // What is a turned or cut copy is said to be one, though its caption fits it less well and it looks worse.
    if (settled.verdict?.reason === 'caption_irrelevant') line.lateVerdict = settled.verdict;
    else if (settled.verdict) return settled.verdict;
    else line.lateVerdict = spoilt(line.quality, options.minQuality ?? models?.quality?.threshold ?? 0);

    const signature = signatureOf(working);
    const hash = hashOfSignature(signature);
    line.signature = parts.signatures.length;
    parts.signatures.push(packSignature(signature));
    parts.hashes.push(new Uint8Array(hash.buffer, hash.byteOffset, HASH_BYTES));
    if (seen) parts.embeddings.push(new Uint8Array(seen.embedding.slice().buffer));
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.verdict;
    throw error;
  }
}

function spoilt(quality: number | null, least: number): Verdict | null {
  if (quality === null || quality >= least) return null;
  return removed('low_aesthetic', `quality ${quality.toFixed(3)} < ${least.toFixed(3)}`);
}

function onlookerOf(
  { relevanceThreshold }: Run['options'],
  models: Models,
  seen: PictureEmbedding,
): Onlooker {
  return {
    threshold: relevanceThreshold ?? (models.dual?.relevanceThreshold as number),
    score: (text) => relevanceOf(models, seen, text),
    describe: async () => (await models.captioner?.caption(seen.features)) ?? null,
  };
}

async function bytesOf(
  item: OpenItem,
  fetcher: Fetcher,
  objects: ObjectReader,
  maxBytes: number,
): Promise<Buffer> {
  if (item.image.kind === 'object') return await objects.read(item.image.uri);
  if (item.image.kind === 'url') return await fetcher.fetch(item.image.url);
  if (item.size !== null && item.size > maxBytes) throw new Refused('too_many_bytes', `${item.size} bytes`);
  throw new Refused('not_a_picture', item.image.kind === 'file' ? 'no such file' : 'no picture given');
}
