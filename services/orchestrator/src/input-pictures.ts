/** Pictures that come with a request: read under limits, made plain, kept beside the record. */
import { createHash } from 'node:crypto';
import {
  type CreateGenerationRequest,
  CreateGenerationRequestSchema,
  clone,
  create,
  type GenerationRecord,
  type Image,
  ImageFormat,
  ImageSchema,
  type StoredPicture,
  StoredPictureSchema,
} from '@atelier/contracts';
import type { Images } from '@atelier/events';
import { invalidArgument, notFound, type RpcError } from '@atelier/rpc';

const FORMATS: readonly string[] = ['png', 'jpeg', 'webp'];
const MAX_BYTES = 4_194_304;
const MIN_SIDE = 16;
const MAX_SIDE = 4_096;
const MAX_PIXELS = 4_194_304;
/** Longest side over the shortest: what is scaled down stays wide enough to be judged. */
const MAX_RATIO = 8;
/** Longest side that is kept, pixels: base models draw no larger ones. */
const KEPT_SIDE = 1_024;

/** A picture of a request as a PNG without metadata, and the digest of the file that came. */
export interface InputPicture {
  readonly png: Uint8Array;
  readonly sha256: string;
  /** Sides of the file that came, pixels. */
  readonly width: number;
  readonly height: number;
}

/** The pictures of a request that has any. */
export interface InputPictures {
  readonly initImage?: InputPicture;
  readonly mask?: InputPicture;
}

/** Read a request's pictures. Throws RpcError INVALID_ARGUMENT naming field and limit. */
export async function readInputPictures({ options }: CreateGenerationRequest): Promise<InputPictures> {
  if (!options?.initImage.length) return {};
  const initImage = await readPicture('options.init_image', options.initImage, 'white');
  if (options.mask.length === 0) return { initImage };
  const mask = await readPicture('options.mask', options.mask, 'black');
  const { width, height } = initImage;
  if (mask.width !== width || mask.height !== height) {
    throw refused(
      'options.mask',
      `must be ${width}×${height} pixels as init_image, not ${mask.width}×${mask.height}`,
    );
  }
  return { initImage, mask };
}

/** The request without its pictures' bytes, as it is recorded. */
export function withoutPictures(request: CreateGenerationRequest): CreateGenerationRequest {
  const plain = clone(CreateGenerationRequestSchema, request);
  if (plain.options) {
    plain.options.initImage = new Uint8Array();
    plain.options.mask = new Uint8Array();
  }
  return plain;
}

/** Keep the pictures in the object store. @returns what the record says of them. */
export async function storeInputPictures(
  images: Images,
  id: string,
  { initImage, mask }: InputPictures,
): Promise<Pick<GenerationRecord, 'initImage' | 'mask'>> {
  const stored = async ({ png, sha256 }: InputPicture): Promise<StoredPicture> =>
    create(StoredPictureSchema, { uri: await images.putInput(id, sha256, png), sha256 });
  return {
    ...(initImage && { initImage: await stored(initImage) }),
    ...(mask && { mask: await stored(mask) }),
  };
}

/** Whether a record was made with these pictures. */
export function hasPictures(record: GenerationRecord, { initImage, mask }: InputPictures): boolean {
  return record.initImage?.sha256 === initImage?.sha256 && record.mask?.sha256 === mask?.sha256;
}

/** A picture that was stored, as RGB8. Throws RpcError NOT_FOUND when it has expired. */
export async function readInput(images: Images, uri: string): Promise<Image> {
  const png = await images.get(uri);
  if (!png) throw notFound('a picture of the request is kept no longer', 'INPUT_EXPIRED');
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(png)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return create(ImageSchema, { width, height, format: ImageFormat.RGB8, data: new Uint8Array(data) });
}

/** The header is checked before a pixel is decoded, so that a small file can't ask for a large picture. */
async function readPicture(
  field: string,
  data: Uint8Array,
  background: 'white' | 'black',
): Promise<InputPicture> {
  if (data.length > MAX_BYTES)
    throw refused(field, `must hold at most ${MAX_BYTES} bytes, not ${data.length}`);
  const { default: sharp } = await import('sharp');
  const file = sharp(data, {
    limitInputPixels: MAX_SIDE * MAX_SIDE,
    failOn: 'warning',
    sequentialRead: true,
  });
  const header = await file.metadata().catch(() => undefined);
  if (!header || !FORMATS.includes(header.format)) throw refused(field, 'must be a PNG, JPEG or WebP file');
  // As it is shown: cameras turn pictures by a tag.
  const { width, height } = header.autoOrient;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < MIN_SIDE || long > MAX_SIDE) {
    throw refused(field, `must be ${MIN_SIDE} to ${MAX_SIDE} pixels a side, not ${width}×${height}`);
  }
  if (width * height > MAX_PIXELS) throw refused(field, `must have at most ${MAX_PIXELS} pixels`);
  if (long > MAX_RATIO * short) throw refused(field, `must be at most ${MAX_RATIO} times as long as wide`);
  if ((header.pages ?? 1) > 1) throw refused(field, 'must be one picture, not an animation');
  try {
    const png = await file
      .autoOrient()
      .toColourspace('srgb')
      .flatten({ background })
      .resize(KEPT_SIDE, KEPT_SIDE, { fit: 'inside', withoutEnlargement: true })
      .png({ compressionLevel: 4 })
      .toBuffer();
    return { png, sha256: createHash('sha256').update(data).digest('hex'), width, height };
  } catch {
    throw refused(field, 'is damaged');
  }
}

function refused(field: string, description: string): RpcError {
  return invalidArgument([{ field, description }]);
}
