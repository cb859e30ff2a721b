/** The typed client of Atelier: ask for a picture, follow it, get it. */
import {
  AutocompleteService,
  type CreateGenerationRequestSchema,
  type Generation,
  GenerationService,
  type ListGenerationsRequestSchema,
  type ListGenerationsResponse,
  type MessageInitShape,
  type Suggestion,
} from '@atelier/contracts';
import { type CallOptions, createClient } from '@atelier/rpc';
import { isFinal, type NumberedWatchEvent, type WatchEvent, watchGeneration } from './watch.ts';

export interface AtelierOptions {
  /** The orchestrator, "host:port"; default ATELIER_ADDRESS, else 127.0.0.1:7400. */
  address?: string;
  /** The autocomplete service, "host:port"; default ATELIER_AUTOCOMPLETE_ADDRESS, else 127.0.0.1:7401. */
  autocompleteAddress?: string;
  /** Name of the calling program, sent as user agent. */
  name?: string;
  /** API key or JWT, where the mesh asks for one, or what gives it for each call; default: none. */
  credential?: string | (() => string | undefined);
}

/** The fields of a CreateGenerationRequest; `prompt` is the only one required. */
export type CreateGeneration = MessageInitShape<typeof CreateGenerationRequestSchema> & { prompt: string };

export interface WatchOptions {
  /** Resume after this sequence number; default: from now on. */
  afterSequence?: bigint;
  /** Whether to send previews; default true. */
  previews?: boolean;
  signal?: AbortSignal;
}

export interface GenerateOptions extends Omit<WatchOptions, 'afterSequence'> {
  /** Gets every event, the snapshot first and `finished` last. */
  onEvent?: (event: WatchEvent) => void;
}

/** Every failure of a call is an RpcError. A generation that is blocked or fails is no failed call. */
export interface Atelier {
  createGeneration(request: CreateGeneration, options?: CallOptions): Promise<Generation>;
  getGeneration(id: string, options?: CallOptions): Promise<Generation>;
  listGenerations(
    request?: MessageInitShape<typeof ListGenerationsRequestSchema>,
    options?: CallOptions,
  ): Promise<ListGenerationsResponse>;
  /** Stop a generation between two steps; one that has ended stays as it is. */
  cancelGeneration(id: string, options?: CallOptions): Promise<Generation>;
  /** A snapshot, then what happens, then exactly one `finished`. Survives a replica that goes away. */
  watch(id: string, options?: WatchOptions): AsyncIterable<NumberedWatchEvent>;
  /** Create, follow to the end, return the generation with its pictures. Aborting cancels the generation. */
  generate(request: CreateGeneration, options?: GenerateOptions): Promise<Generation>;
  /** Completions of what has been typed, best first. */
  suggest(
    prefix: string,
    options?: { limit?: number; language?: string } & CallOptions,
  ): Promise<Suggestion[]>;
  close(): void;
}

/** Time for a cancel that the caller no longer waits for, milliseconds. */
const CANCEL_TIMEOUT_MS = 2_000;

export function createAtelier(options: AtelierOptions = {}): Atelier {
  const { credential } = options;
  const proof = typeof credential === 'function' ? credential : () => credential;
  const named = {
    name: options.name ?? 'atelier-client',
    metadata: (): Record<string, string> => {
      const shown = proof();
      return shown ? { authorization: `Bearer ${shown}` } : {};
    },
  };
  const generations = createClient(GenerationService, {
    ...named,
    address: options.address ?? process.env.ATELIER_ADDRESS ?? '127.0.0.1:7400',
  });
  const autocomplete = createClient(AutocompleteService, {
    ...named,
    address: options.autocompleteAddress ?? process.env.ATELIER_AUTOCOMPLETE_ADDRESS ?? '127.0.0.1:7401',
  });

  const atelier: Atelier = {
    createGeneration: async (request, call) =>
      present((await generations.createGeneration(request, call)).generation),
    getGeneration: async (id, call) => present((await generations.getGeneration({ id }, call)).generation),
    listGenerations: async (request = {}, call) => await generations.listGenerations(request, call),
    cancelGeneration: async (id, call) =>
      present((await generations.cancelGeneration({ id }, call)).generation),
    watch: (id, watch = {}) => watchGeneration(generations, id, watch),
    async generate(request, { onEvent, ...watch } = {}) {
      const call = watch.signal ? { signal: watch.signal } : {};
      const { id } = await atelier.createGeneration(request, call);
      try {
        let last: Generation | undefined;
        for await (const event of atelier.watch(id, watch)) {
          onEvent?.(event);
          if (event.case === 'finished') last = event.value;
        }
        return last && isFinal(last.state) ? last : await atelier.getGeneration(id, call);
      } catch (error) {
        if (watch.signal?.aborted)
          await atelier.cancelGeneration(id, { timeoutMs: CANCEL_TIMEOUT_MS }).catch(() => {});
        throw error;
      }
    },
    suggest: async (prefix, { limit = 0, language = '', ...call } = {}) =>
      (await autocomplete.suggestPrompts({ prefix, limit, language }, call)).suggestions,
    close() {
      generations.close();
      autocomplete.close();
    },
  };
  return atelier;
}

/** The contract says that the field is set; a server that breaks it is told from a bug here. */
function present(generation: Generation | undefined): Generation {
  if (!generation) throw new Error('the server answered without a generation');
  return generation;
}
