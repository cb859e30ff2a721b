/** Everything of the service, put together and taken apart. */
import { createAtelier } from '@atelier/client';
import { type FeedbackService, PromptEnhancementService } from '@atelier/contracts';
import { connectEvents } from '@atelier/events';
import type { Log } from '@atelier/process';
import { createClient, type ServiceImpl } from '@atelier/rpc';
import { openExperiment } from './api/experiment.ts';
import type { Mesh } from './api/mesh.ts';
import { atelierRoutes } from './api/routes.ts';
import type { Config } from './config.ts';
import { currentCredential } from './credential.ts';
import { feedbackService, interactionRecorder } from './feedback.ts';
import { createHttpServer } from './http/server.ts';
import { openAiRoutes } from './openai/routes.ts';
import { openApiRoute } from './openapi.ts';
import { loadPage } from './page/assets.ts';

export interface Web {
  feedback: ServiceImpl<typeof FeedbackService>;
  /** Take HTTP requests. @returns the port. @throws Error when the address can't be had. */
  listen(): Promise<number>;
  /** Ends when the requests in hand have ended, after the shutdown signal. */
  close(): Promise<void>;
}

const NAME = 'web';

/** Connect to NATS and the mesh and make the HTTP server ready. @throws EventsError when NATS can't be had. */
export async function startWeb(config: Config, log: Log, shutdown: AbortSignal): Promise<Web> {
  const pages = await loadPage();
  const events = await connectEvents({ servers: config.natsUrl, seedFile: config.natsSeedFile, name: NAME });
  const { autocompleteAddress, promptEnhancementAddress } = config;
  const atelier = createAtelier({
    address: config.orchestratorAddress,
    autocompleteAddress,
    name: NAME,
    credential: currentCredential,
  });
  const enhancement = createClient(PromptEnhancementService, {
    address: promptEnhancementAddress,
    name: NAME,
  });
  const record = interactionRecorder(events);
  const experiment =
    config.webExperiment === undefined
      ? undefined
      : openExperiment(config.webExperiment, config.insightsAddress, log);
  const mesh: Mesh = { atelier, enhancement, record, experiment, log };

  const api = [...atelierRoutes(mesh), ...openAiRoutes(mesh)];
  const server = createHttpServer({
    routes: [...api, openApiRoute(api)],
    pages,
    log,
    shutdown,
    tenant: config.webTenant,
    publicUrl: config.publicUrl,
  });
  return {
    feedback: feedbackService(record),
    async listen() {
      const port = await server.listen(config.httpAddress);
      log.info({ url: `http://${config.httpAddress.replace(/:\d+$/, `:${port}`)}` }, 'the studio is open');
      return port;
    },
    async close() {
      await server.close();
      atelier.close();
      enhancement.close();
      experiment?.close();
      await events.close();
    },
  };
}
