/** Messages of OpenAI's image interface, as far as they mean something here. */
import { z } from 'zod';

const ignored = z.unknown().optional().describe('Accepted from existing clients and of no effect');

/** Sizes by their names there: side in pixels. */
export const SIZES = { auto: 1_024, '1024x1024': 1_024, '256x256': 256, '64x64': 64 } as const;

export const ImagesBody = z
  .strictObject({
    prompt: z.string().max(8_192).describe('1 to 128 words'),
    n: z.int().min(1).max(8).nullish().describe('Number of pictures; default 1'),
    size: z
      .enum(Object.keys(SIZES) as (keyof typeof SIZES)[])
      .nullish()
      .describe('Default 1024x1024'),
    response_format: z
      .enum(['url', 'b64_json'])
      .nullish()
      .describe('Default url; b64_json for models whose name begins with gpt-image, as there'),
    model: z.string().max(128).nullish().describe('Whatever it says, the mesh’s model draws'),
    output_format: z.enum(['png', 'webp']).nullish().describe('Default png'),
    stream: z.literal(false).nullish(),
    seed: z.int().min(0).max(4_294_967_295).optional().describe('An extension'),
    negative_prompt: z.string().max(8_192).optional().describe('An extension'),
    quality: ignored,
    style: ignored,
    background: ignored,
    moderation: ignored,
    output_compression: ignored,
    partial_images: ignored,
    user: ignored,
  })
  .meta({ id: 'OpenAiImagesRequest' });

export const ImagesAnswer = z
  .object({
    created: z.int().describe('Seconds since 1970'),
    data: z.array(
      z.object({
        b64_json: z.base64().optional(),
        url: z.url().optional(),
        revised_prompt: z.string().optional().describe('The prompt that was drawn'),
      }),
    ),
    output_format: z.enum(['png', 'webp']),
    size: z.string(),
  })
  .meta({ id: 'OpenAiImages' });

export const OpenAiErrorAnswer = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'OpenAiError' });
