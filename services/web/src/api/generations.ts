/** Generations over HTTP: asked for, looked at, listed, stopped. */
import type { GenerationOptionsSchema, MessageInitShape } from '@atelier/contracts';
import { z } from 'zod';
import { json, type Route, route } from '../http/route.ts';
import type { Mesh } from './mesh.ts';
import type { Pictures } from './pictures.ts';
import { requestGeneration } from './request.ts';
import { CreateGenerationBody, GenerationId, GenerationPage, GenerationView } from './schemas.ts';
import { viewOf } from './view.ts';

/** Two pictures of 4 MiB in base64, and two prompts. */
const MAX_BODY_BYTES = 12_582_912;

const params = z.object({ id: GenerationId });
const generation = (description: string) => ({ description, schema: GenerationView });

export function generationRoutes(mesh: Mesh, pictures: Pictures): Route[] {
  const { atelier } = mesh;
  return [
    route({
      method: 'POST',
      path: '/api/generations',
      name: 'createGeneration',
      summary: 'Ask for pictures; answers at once, while they are drawn',
      body: { schema: CreateGenerationBody, maxBytes: MAX_BODY_BYTES },
      answers: { 202: generation('Accepted') },
      async handle({ body, identity, signal }) {
        const { from, initImage, mask, strength, learn = false, ...asked } = body;
        const options: MessageInitShape<typeof GenerationOptionsSchema> = {
          ...(initImage !== undefined && { initImage: Buffer.from(initImage, 'base64') }),
          ...(from && { initImage: await pictures.png(from.generationId, from.imageIndex ?? 0, signal) }),
          ...(mask !== undefined && { mask: Buffer.from(mask, 'base64') }),
          ...(strength !== undefined && { strength }),
        };
        const request = { ...defined(asked), ...(Object.keys(options).length > 0 && { options }) };
        const created = await requestGeneration(mesh, { ...request, prompt: asked.prompt }, identity, learn);
        return json(202, viewOf(created));
      },
    }),
    route({
      method: 'GET',
      path: '/api/generations',
      name: 'listGenerations',
      summary: 'The caller’s own generations, newest first',
      query: z.strictObject({
        pageSize: z.coerce.number().int().min(1).max(100).default(20),
        pageToken: z.string().max(256).default(''),
      }),
      answers: { 200: { description: 'A page', schema: GenerationPage } },
      async handle({ query, identity, signal }) {
        const { tenant } = identity;
        const { generations, nextPageToken } = await atelier.listGenerations(
          { ...query, tenant },
          { signal },
        );
        return json(200, { generations: generations.map(viewOf), ...(nextPageToken && { nextPageToken }) });
      },
    }),
    route({
      method: 'GET',
      path: '/api/generations/:id',
      name: 'getGeneration',
      summary: 'A generation as it stands',
      params,
      answers: { 200: generation('As it stands') },
      handle: async ({ params, signal }) =>
        json(200, viewOf(await atelier.getGeneration(params.id, { signal }))),
    }),
    route({
      method: 'POST',
      path: '/api/generations/:id/cancel',
      name: 'cancelGeneration',
      summary: 'Stop a generation; one that has ended stays as it is',
      params,
      answers: { 200: generation('After the request to stop') },
      handle: async ({ params, signal }) =>
        json(200, viewOf(await atelier.cancelGeneration(params.id, { signal }))),
    }),
  ];
}

/** Without the fields that are undefined: protobuf messages have none. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}
