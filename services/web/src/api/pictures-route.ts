/** Pictures as files, PNG and WebP. */
import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import type { Pictures } from './pictures.ts';
import { GenerationId } from './schemas.ts';

const File = z
  .string()
  .regex(/^[0-7]\.(png|webp)$/)
  .describe('Index and type: "0.png" is the first picture as it was drawn');

export function pictureRoute(pictures: Pictures): Route {
  return route({
    method: 'GET',
    path: '/api/generations/:id/images/:file',
    name: 'getPicture',
    summary: 'A finished picture as a file',
    params: z.object({ id: GenerationId, file: File }),
    query: z.strictObject({
      width: z.coerce.number().int().min(64).max(1_024).optional().describe('Of a WebP, pixels'),
      download: z.literal('1').optional().describe('As a file to keep, not to show'),
    }),
    answers: { 200: { description: 'The picture', type: 'image/*' } },
    async handle({ params: { id, file }, query: { width, download }, signal }) {
      const [index = '', type] = file.split('.');
      const body =
        type === 'png'
          ? await pictures.png(id, Number(index), signal)
          : await pictures.webp(id, Number(index), width, signal);
      return {
        status: 200,
        headers: {
          'content-type': `image/${type}`,
          // It never changes, and is for nobody but whoever knows its address.
          'cache-control': 'private, max-age=604800, immutable',
          ...(download && { 'content-disposition': `attachment; filename="atelier-${id}-${index}.${type}"` }),
        },
        body,
      };
    },
  });
}
