/** For the tests of this folder: one service on a free loopback port, and a client of it. */
import { DiffusionService, PromptSafetyService } from '@atelier/contracts';
import { bind, type ServiceImpl } from './binding.ts';
import { createClient } from './client.ts';
import { createServer, type ServerOptions } from './server.ts';

type Extra = Omit<ServerOptions, 'bindings'>;

/** Serves ClassifyPrompt by `classifyPrompt`. */
export async function serveUnary(
  classifyPrompt: ServiceImpl<typeof PromptSafetyService>['classifyPrompt'],
  extra: Extra = {},
) {
  const classifyPrompts = async () => ({});
  const server = createServer({
    bindings: [bind(PromptSafetyService, { classifyPrompt, classifyPrompts })],
    ...extra,
  });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  const client = createClient(PromptSafetyService, { address });
  return { server, address, client, stop: () => stop(client, server) };
}

/** Serves GenerateImage by `generateImage`. */
export async function serveStream(
  generateImage: ServiceImpl<typeof DiffusionService>['generateImage'],
  extra: Extra = {},
) {
  const server = createServer({ bindings: [bind(DiffusionService, { generateImage })], ...extra });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  const client = createClient(DiffusionService, { address });
  return { server, address, client, stop: () => stop(client, server) };
}

async function stop(client: { close(): void }, server: { drain(graceMs: number): Promise<void> }) {
  client.close();
  await server.drain(0);
}
