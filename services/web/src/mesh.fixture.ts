/** A small mesh in the test's own process: real gRPC, generations that go as a test wants, real NATS for feedback. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AutocompleteService,
  type CreateGenerationRequest,
  create,
  ExperimentVariant,
  type Generation,
  GenerationSchema,
  GenerationService,
  GenerationState,
  ImageFormat,
  InsightsService,
  PromptEnhancementService,
  SafetyCategory,
  SafetySubject,
  type WatchGenerationResponse,
  WatchGenerationResponseSchema,
} from '@atelier/contracts';
import {
  bind,
  type CallContext,
  Code,
  createServer,
  invalidArgument,
  notFound,
  RpcError,
} from '@atelier/rpc';
import sharp from 'sharp';

/** What the peers do and saw; tests change it as they go. */
export interface Behaviour {
  /** Runs before anything is created; may throw. */
  beforeCreate: (request: CreateGenerationRequest) => void;
  /** How a generation ends. */
  result: (request: CreateGenerationRequest) => Promise<Generation['result']> | Generation['result'];
  /** Before each of four steps; may wait. */
  beforeStep: (step: number, signal: AbortSignal) => Promise<void> | void;
  /** Profile that insights assigns to a user; may throw. */
  profileOf: (user: string) => string;
  /** Credentials that are good; undefined: none is asked for. */
  keys: readonly string[] | undefined;
  created: CreateGenerationRequest[];
  cancelled: string[];
  /** Watches: begun, and ended for whatever reason. */
  watchesBegun: number;
  watchesEnded: number;
  /** `after_sequence` of each watch. */
  resumedAfter: bigint[];
}

export interface FixtureMesh {
  behaviour: Behaviour;
  /** Of the one server that plays all services. */
  address: string;
  close(): Promise<void>;
}

const STEPS = 4;

const notPlayed = (): never => {
  throw notFound('not played by the fixture', 'NOT_PLAYED');
};

/** A PNG in which the seed decides the colour. */
export const square = async (side: number, seed: number): Promise<Uint8Array> => {
  const background = { r: (seed * 67) & 255, g: (seed * 31) & 255, b: 180 };
  return await sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer();
};

/** The result of a generation that was blocked for what its prompt says at characters 2 to 6. */
export const blocked = (): Generation['result'] =>
  create(GenerationSchema, {
    result: {
      case: 'verdict',
      value: {
        category: SafetyCategory.VIOLENCE,
        subject: SafetySubject.PROMPT,
        score: 0.9,
        threshold: 0.5,
        matchedSpans: [{ start: 2, end: 6, rule: 'r' }],
      },
    },
  }).result;

export async function startFixtureMesh(): Promise<FixtureMesh> {
  const behaviour: Behaviour = {
    beforeCreate: () => {},
    result: picturesOf,
    beforeStep: async (_, signal) => {
      await sleep(2, undefined, { signal }).catch(() => {});
    },
    profileOf: () => 'quality',
    keys: undefined,
    created: [],
    cancelled: [],
    watchesBegun: 0,
    watchesEnded: 0,
    resumedAfter: [],
  };
  const server = createServer({
    async guard({ metadata }) {
      const [authorization = ''] = metadata.get('authorization').map(String);
      const key = authorization.replace('Bearer ', '');
      if (behaviour.keys && !behaviour.keys.includes(key))
        throw new RpcError(Code.UNAUTHENTICATED, 'no such key', { reason: 'UNKNOWN_KEY' });
      return { tenant: 'acme', subject: key };
    },
    bindings: [
      generations(behaviour),
      bind(AutocompleteService, {
        suggestPrompts: async ({ limit }) => ({
          suggestions: ['A dog', 'A door', 'A dove'].slice(0, limit).map((text) => ({ text })),
        }),
      }),
      bind(InsightsService, {
        assignVariant: async ({ userId }) => ({
          variant: ExperimentVariant.TREATMENT,
          modelVersion: behaviour.profileOf(userId),
        }),
        getMetrics: notPlayed,
        getExperiment: notPlayed,
        exportData: notPlayed,
      }),
      bind(PromptEnhancementService, {
        async enhancePrompt({ prompt, style }) {
          if (style === 'nouveau')
            throw invalidArgument([{ field: 'style', description: 'is unknown; known: poster' }]);
          return {
            prompt: `${prompt}, at dawn`,
            additions: [{ kind: 2, text: 'at dawn', offset: [...prompt].length + 2 }],
          };
        },
      }),
    ],
  });
  const port = await server.listen('127.0.0.1:0');
  server.setServing(true);
  return { behaviour, address: `127.0.0.1:${port}`, close: () => server.drain(0) };
}

async function picturesOf({ seed = 1, count = 1, size = 64 }: CreateGenerationRequest) {
  const images = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const data = await square(size, seed + index);
      const image = { width: size, height: size, format: ImageFormat.PNG, data };
      return {
        content: { case: 'inline' as const, value: image },
        width: size,
        height: size,
        seed: seed + index,
        byteSize: BigInt(data.length),
      };
    }),
  );
  const { result } = create(GenerationSchema, { result: { case: 'images', value: { images } } });
  return result;
}

function generations(behaviour: Behaviour) {
  const kept = new Map<string, { request: CreateGenerationRequest; generation: Generation }>();
  const one = (id: string) => {
    const found = kept.get(id);
    if (!found) throw notFound(`there is no generation ${id}`, 'GENERATION_NOT_FOUND');
    return found;
  };
  const finish = async (id: string): Promise<Generation> => {
    const { request, generation } = one(id);
    if (generation.result.case || generation.state === GenerationState.CANCELLED) return generation;
    generation.result = await behaviour.result(request);
    const states = {
      images: GenerationState.SUCCEEDED,
      verdict: GenerationState.BLOCKED,
      error: GenerationState.FAILED,
    };
    generation.state = generation.result.case ? states[generation.result.case] : GenerationState.CANCELLED;
    generation.sequence = 9n;
    return generation;
  };
  return bind(GenerationService, {
    async createGeneration(request) {
      behaviour.beforeCreate(request);
      behaviour.created.push(request);
      const id = `g${behaviour.created.length}`;
      const { prompt, negativePrompt, tenant, seed = 1, count = 1, size = 1_024, enhance = true } = request;
      const fields = { id, prompt, negativePrompt, tenant, seed, count, size, enhance };
      const generation = create(GenerationSchema, { ...fields, state: GenerationState.RUNNING });
      kept.set(id, { request, generation });
      return { generation };
    },
    getGeneration: async ({ id }) => ({ generation: one(id).generation }),
    listGenerations: async ({ tenant }) => ({
      generations: [...kept.values()]
        .map(({ generation }) => generation)
        .filter((each) => each.tenant === tenant),
    }),
    async cancelGeneration({ id }) {
      behaviour.cancelled.push(id);
      const { generation } = one(id);
      if (!generation.result.case) generation.state = GenerationState.CANCELLED;
      return { generation };
    },
    async *watchGeneration({ id, afterSequence }, { signal }: CallContext) {
      behaviour.watchesBegun += 1;
      behaviour.resumedAfter.push(afterSequence);
      signal.addEventListener('abort', () => {}, { once: true });
      try {
        yield response(afterSequence, { case: 'snapshot', value: one(id).generation });
        for (let step = 1; step <= STEPS && !one(id).generation.result.case; step++) {
          await Promise.race([behaviour.beforeStep(step, signal), signal.aborted || once(signal, 'abort')]);
          if (signal.aborted) return;
          if (BigInt(step) <= afterSequence) continue;
          yield response(BigInt(step), {
            case: 'progress',
            value: { $typeName: 'atelier.generation.v1.Progress', step, steps: STEPS, imageIndex: 0 },
          });
        }
        yield response(9n, { case: 'finished', value: await finish(id) });
      } finally {
        behaviour.watchesEnded += 1;
      }
    },
  });
}

function response(sequence: bigint, event: WatchGenerationResponse['event']): WatchGenerationResponse {
  const message = create(WatchGenerationResponseSchema, { sequence });
  message.event = event;
  return message;
}
