/** For the tests of this folder: the service on a free loopback port with the tiny bundle, and a client of it. */
import { ImageFormat, SuperResolutionService } from '@atelier/contracts';
import type { SessionOptions } from '@atelier/inference';
import { openBundle } from '@atelier/models';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { createClient, createServer } from '@atelier/rpc';
import { loadUpscaler, roleOf, TARGETS, type Upscaler } from './model.ts';
import { superResolutionService } from './service.ts';

export async function loadTinyUpscaler(options: Partial<SessionOptions> = {}): Promise<Upscaler> {
  const bundle = await openBundle(tinyBundlePath, { roles: TARGETS.map(roleOf) });
  return await loadUpscaler(bundle, { threads: 1, ...options });
}

export async function serve(upscaler: Upscaler) {
  const server = createServer({ bindings: [superResolutionService(upscaler)] });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
  const client = createClient(SuperResolutionService, { address });
  const stop = async (): Promise<void> => {
    client.close();
    await server.drain(1_000);
    await upscaler.close();
  };
  return { client, address, stop };
}

/** A picture whose pixels all differ from their neighbours. */
export function pattern(side: number) {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 37) % 256);
  return { width: side, height: side, format: ImageFormat.RGB8, data };
}
