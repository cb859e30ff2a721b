/** The two services that make a picture of a prompt, in this process, with one of the golden pipelines. */
import { fileURLToPath } from 'node:url';
import {
  DiffusionService,
  type GenerateImageRequestSchema,
  type MessageInitShape,
  TextEncoderService,
} from '@atelier/contracts';
import { openBundle } from '@atelier/models';
import { createClient, createServer } from '@atelier/rpc';
import { StepEngine } from '../../services/diffusion/src/engine.ts';
import { loadDecoder } from '../../services/diffusion/src/latent-decoder.ts';
import { loadEncoder } from '../../services/diffusion/src/latent-encoder.ts';
import { loadDenoiser } from '../../services/diffusion/src/model.ts';
import { diffusionService } from '../../services/diffusion/src/service.ts';
import { EmbeddingCache } from '../../services/text-encoder/src/cache.ts';
import { loadTextEncoder } from '../../services/text-encoder/src/model.ts';
import { textEncoderService } from '../../services/text-encoder/src/service.ts';

type DrawRequest = Exclude<MessageInitShape<typeof GenerateImageRequestSchema>, { $typeName: string }>;

/** A file of the goldens. */
export const golden = (path: string): string => fileURLToPath(new URL(`pipelines/${path}`, import.meta.url));

/** Serves the pipeline in a folder. @param tilePixels see ATELIER_DIFFUSION_DECODER_TILE_PIXELS. */
export async function serve(folder: string, { tilePixels = 1024 } = {}) {
  const bundle = await openBundle(folder);
  const session = { threads: 1 };
  const encoder = await loadTextEncoder(bundle, session, { maxBatch: 1, maxDelayMs: 0, maxQueued: 64 });
  const denoiser = await loadDenoiser(bundle, session);
  const decoder = await loadDecoder(bundle, { ...session, tilePixels });
  const pictureEncoder = await loadEncoder(bundle, session);
  const cache = new EmbeddingCache(encoder.identity.sha256, 10_000_000);
  const engine = new StepEngine(denoiser, { maxDrawings: 16, maxBatch: 4 });
  const server = createServer({
    bindings: [
      textEncoderService({ encoder, cache, languages: bundle.languages }),
      diffusionService(denoiser, engine, { decoder, encoder: pictureEncoder }),
    ],
  });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
  const reader = createClient(TextEncoderService, { address });
  const drawer = createClient(DiffusionService, { address });

  return {
    async encode(...texts: string[]) {
      return (await reader.encodeText({ texts })).embeddings;
    },
    async draw(prompt: string, negativePrompt: string, request: DrawRequest) {
      const [conditioning, negativeConditioning] = (await this.encode(prompt, negativePrompt)).map(
        ({ tokens, mask, pooled }) => ({
          ...(tokens && { tokens }),
          ...(mask && { mask }),
          ...(pooled && { pooled }),
        }),
      );
      if (!conditioning || !negativeConditioning) throw new Error('no embeddings');
      for await (const { event } of drawer.generateImage({
        conditioning,
        negativeConditioning,
        ...request,
      })) {
        if (event.case === 'image' && event.value.image) return event.value.image;
      }
      throw new Error('no image at the end');
    },
    async stop() {
      reader.close();
      drawer.close();
      await server.drain(1_000);
      await encoder.close();
      await denoiser.close();
      await decoder.close();
      await pictureEncoder?.close();
    },
  };
}

export type GoldenMesh = Awaited<ReturnType<typeof serve>>;
