/** GenerationService: proto ↔ domain. */
import type { GenerationService } from '@atelier/contracts';
import { EventsError } from '@atelier/events';
import { notFound, resourceExhausted, type ServiceImpl, unavailable } from '@atelier/rpc';
import { admit } from './admission.ts';
import { cancelGeneration } from './cancel.ts';
import { withInlineImages } from './inline-images.ts';
import { readInputPictures } from './input-pictures.ts';
import { listGenerations } from './list.ts';
import type { Quota } from './quota.ts';
import { type GenerationStore, generationOf } from './store.ts';
import { forTenant, maySee } from './tenancy.ts';
import { validateCreate, validateId, validateList } from './validate.ts';
import { watchGeneration } from './watch.ts';

export interface ServiceOptions {
  store: GenerationStore;
  languages: readonly string[];
  queueLimit: number;
  quota: Quota;
}

/** When to come back while NATS is away, milliseconds. */
const RETRY_MS = 1_000;

export function generationService(options: ServiceOptions): ServiceImpl<typeof GenerationService> {
  const { store } = options;
  return {
    async createGeneration(request, ctx) {
      const valid = validateCreate(forTenant(ctx, request), options.languages);
      const pictures = await readInputPictures(valid);
      return { generation: await answered(store, () => admit(options, valid, pictures)) };
    },

    async getGeneration(request, ctx) {
      const id = validateId(request.id);
      return await answered(store, async () => {
        const stored = await store.get(id);
        const generation = stored && generationOf(stored.value);
        if (!generation || !maySee(ctx)(generation)) throw unknown(id);
        return { generation: await withInlineImages(store.events, generation) };
      });
    },

    async listGenerations(request, ctx) {
      const { tenant, after, pageSize } = validateList(forTenant(ctx, request));
      return await answered(store, () => listGenerations(store, tenant, after, pageSize));
    },

    async cancelGeneration(request, ctx) {
      const id = validateId(request.id);
      return await answered(store, async () => {
        const generation = await cancelGeneration(store, id, maySee(ctx));
        if (!generation) throw unknown(id);
        return { generation: await withInlineImages(store.events, generation) };
      });
    },

    async *watchGeneration(request, ctx) {
      validateId(request.id);
      requireNats(store);
      try {
        yield* watchGeneration(store, request, ctx, maySee(ctx));
      } catch (error) {
        throw told(error);
      }
    },
  };
}

const unknown = (id: string) => notFound(`there is no generation ${id}`, 'GENERATION_NOT_FOUND');

/** The result of `work`, or its failure in the caller's terms. */
async function answered<T>(store: GenerationStore, work: () => Promise<T>): Promise<T> {
  requireNats(store);
  try {
    return await work();
  } catch (error) {
    throw told(error);
  }
}

/** Calls have less patience than workers: while NATS is known to be away they are refused at once. */
function requireNats(store: GenerationStore): void {
  if (!store.events.connected) throw unavailable('the record store is away', away());
}

function told(error: unknown): unknown {
  if (!(error instanceof EventsError)) return error;
  if (error.code === 'full') return resourceExhausted('the queue is full', RETRY_MS, 'QUEUE_FULL');
  return unavailable('the record store did not answer', { ...away(), cause: error });
}

const away = () => ({ retryAfterMs: RETRY_MS, reason: 'EVENTS_UNAVAILABLE' });
