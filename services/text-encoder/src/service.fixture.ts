/** For the tests of this folder: the service on a free loopback port with the tiny bundle, and a client of it. */
import { TextEncoderService } from '@atelier/contracts';
import { loadVocabulary, openBundle } from '@atelier/models';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { createClient, createServer } from '@atelier/rpc';
import { EmbeddingCache } from './cache.ts';
import { type BatchingOptions, loadTextEncoder, type TextEncoder } from './model.ts';
import { textEncoderService } from './service.ts';

export const bundle = await openBundle(tinyBundlePath, { roles: ['text_encoder', 'vocabulary'] });

export async function loadTinyEncoder(batching: Partial<BatchingOptions> = {}): Promise<TextEncoder> {
  return await loadTextEncoder(
    bundle,
    { threads: 1 },
    { maxBatch: 1, maxDelayMs: 0, maxQueued: 64, ...batching },
  );
}

export async function serve(encoder: TextEncoder) {
  const vocabulary = await loadVocabulary(bundle.file('vocabulary', 'words'));
  const cache = new EmbeddingCache(encoder.identity.sha256, 1_000_000);
  const binding = textEncoderService({ encoder, cache, vocabulary, languages: bundle.languages });
  const server = createServer({ bindings: [binding] });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
  const client = createClient(TextEncoderService, { address });
  const stop = async (): Promise<void> => {
    client.close();
    await server.drain(1_000);
    await encoder.close();
  };
  return { client, address, stop };
}
