/** Base pictures by the text encoder and the denoiser of a running mesh, default settings. */
import { DiffusionService, type TextEmbedding, TextEncoderService } from '@atelier/contracts';
import type { Mesh } from '@atelier/local-mesh';
import { createClient } from '@atelier/rpc';

const CONCURRENCY = 4;

export interface Order {
  readonly seed: number;
  readonly text: string;
}

/** A picture for each order, 64×64 interleaved RGB. */
export async function drawAll(
  mesh: Mesh,
  orders: readonly Order[],
  log: (line: string) => void,
): Promise<Uint8Array[]> {
  const encoder = createClient(TextEncoderService, { address: mesh.address('text-encoder') });
  const diffusion = createClient(DiffusionService, { address: mesh.address('diffusion') });
  /** A text's embedding in the fields that GenerateImage takes. */
  const encode = async (text: string) => {
    const { embeddings } = await encoder.encodeText({ texts: [text] });
    const { tokens, mask, pooled } = embeddings[0] as TextEmbedding;
    return { ...(tokens && { tokens }), ...(mask && { mask }), ...(pooled && { pooled }) };
  };
  const negativeConditioning = await encode('');
  const pictures: Uint8Array[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < orders.length; index = next++) {
      const { text, seed } = orders[index] as Order;
      const conditioning = await encode(text);
      for await (const { event } of diffusion.generateImage({ conditioning, negativeConditioning, seed }))
        if (event.case === 'image') pictures[index] = event.value.image?.data as Uint8Array;
      if ((index + 1) % 50 === 0) log(`${index + 1} drawn`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  encoder.close();
  diffusion.close();
  return pictures;
}
