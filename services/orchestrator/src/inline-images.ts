/** Pictures inside answers, up to the limits that the contract states. */
import {
  clone,
  create,
  type Generation,
  GenerationSchema,
  ImageFormat,
  ImageSchema,
} from '@atelier/contracts';
import type { Events } from '@atelier/events';

/** Largest picture that is answered inline, bytes. */
const MAX_IMAGE_BYTES = 4_194_304;
/** Most bytes of pictures in one message. */
const MAX_MESSAGE_BYTES = 33_554_432;

/** A copy of `generation` whose pictures are inline where they fit; the others, and any that expired, stay references. */
export async function withInlineImages(events: Events, generation: Generation): Promise<Generation> {
  const copy = clone(GenerationSchema, generation);
  if (copy.result.case !== 'images') return copy;
  let left = MAX_MESSAGE_BYTES;
  for (const picture of copy.result.value.images) {
    const size = Number(picture.byteSize);
    if (picture.content.case !== 'uri' || size > MAX_IMAGE_BYTES || size > left) continue;
    const data = await events.images.get(picture.content.value);
    if (!data) continue;
    left -= size;
    const { width, height } = picture;
    const value = create(ImageSchema, { width, height, format: ImageFormat.PNG, data });
    picture.content = { case: 'inline', value };
  }
  return copy;
}
