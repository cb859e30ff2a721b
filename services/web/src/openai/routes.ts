/** `POST /v1/images/generations` as OpenAI's clients call it: asked for and waited for in one request. */

import { isFinal } from '@atelier/client';
import type { Generation } from '@atelier/contracts';
import { Code, internal, RpcError } from '@atelier/rpc';
import type { Mesh } from '../api/mesh.ts';
import { requestGeneration } from '../api/request.ts';
import { picturePath } from '../api/view.ts';
import { json, type Route, route } from '../http/route.ts';
import { blockedWords } from '../words/blocked.ts';
import { SAID } from '../words/problem.ts';
import { ImagesAnswer, ImagesBody, SIZES } from './schemas.ts';

const MAX_BODY_BYTES = 65_536;
const WEBP_QUALITY = 90;
/** Time for a cancel that nobody waits for, milliseconds. */
const CANCEL_TIMEOUT_MS = 2_000;

export function openAiRoutes(mesh: Mesh): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/images/generations',
      dialect: 'openai',
      name: 'openAiCreateImage',
      summary: 'OpenAI’s image generation: existing clients work unchanged',
      body: { schema: ImagesBody, maxBytes: MAX_BODY_BYTES },
      answers: { 200: { description: 'The pictures', schema: ImagesAnswer } },
      async handle({ body, identity, signal, publicUrl }) {
        const { prompt, seed, negative_prompt: negativePrompt, model } = body;
        const size = body.size ?? '1024x1024';
        const type = body.output_format ?? 'png';
        const inline =
          (body.response_format ?? (model?.startsWith('gpt-image') ? 'b64_json' : 'url')) === 'b64_json';
        const request = {
          prompt,
          count: body.n ?? 1,
          size: SIZES[size],
          ...(seed !== undefined && { seed }),
          ...(negativePrompt !== undefined && { negativePrompt }),
        };
        const { id } = await requestGeneration(mesh, request, identity, false);
        const finished = await waitFor(mesh, id, signal);
        const revised_prompt = finished.enhancedPrompt?.prompt ?? prompt;
        const data = await Promise.all(
          pngsOf(finished).map(async (png, index) =>
            inline
              ? {
                  b64_json: (type === 'png' ? Buffer.from(png) : await webp(png)).toString('base64'),
                  revised_prompt,
                }
              : { url: `${publicUrl}${picturePath(id, index, type)}`, revised_prompt },
          ),
        );
        const side = SIZES[size];
        return json(200, {
          created: Math.floor(Date.now() / 1_000),
          data,
          output_format: type,
          size: `${side}x${side}`,
        });
      },
    }),
  ];
}

/** The end of a generation; a client that hangs up doesn't want it any more. */
async function waitFor({ atelier }: Mesh, id: string, signal: AbortSignal): Promise<Generation> {
  try {
    for await (const event of atelier.watch(id, { previews: false, signal }))
      if (event.case === 'finished' && isFinal(event.value.state)) return event.value;
    throw internal('a watch ended without its generation');
  } catch (error) {
    if (signal.aborted) await atelier.cancelGeneration(id, { timeoutMs: CANCEL_TIMEOUT_MS }).catch(() => {});
    throw error;
  }
}

/** @throws RpcError that tells why there are none. */
function pngsOf({ result }: Generation): Uint8Array[] {
  switch (result.case) {
    case 'images':
      return result.value.images.map(({ content }) => {
        if (content.case === 'inline') return content.value.data;
        throw internal('a picture was not in the answer');
      });
    case 'verdict': {
      const { message, advice } = blockedWords(result.value);
      throw new RpcError(Code.FAILED_PRECONDITION, `${message} ${advice}`, {
        reason: SAID,
      });
    }
    case 'error':
      throw RpcError.fromStatus(result.value);
    default:
      throw new RpcError(Code.CANCELLED, 'the generation was cancelled', { reason: 'GENERATION_CANCELLED' });
  }
}

async function webp(png: Uint8Array): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return await sharp(png).webp({ quality: WEBP_QUALITY }).toBuffer();
}
