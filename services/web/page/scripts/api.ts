/** Calls to the studio's own server. */
import type {
  CreateGenerationJson,
  EnhancementJson,
  GenerationJson,
  GenerationPageJson,
  ProblemJson,
  SuggestionsJson,
} from '../../src/api/schemas.ts';

export type { CreateGenerationJson, EnhancementJson, GenerationJson, ProblemJson };
export type PictureJson = GenerationJson['images'][number];

/** A refused call; its message is for people. */
export class StudioError extends Error {
  readonly problem: ProblemJson | undefined;

  constructor(message: string, problem?: ProblemJson) {
    super(message);
    this.problem = problem;
  }
}

const OFFLINE = 'The studio does not answer. Is the connection all right?';

async function call<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new StudioError(OFFLINE);
  });
  const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const problem = (body as { error?: ProblemJson } | undefined)?.error;
  throw new StudioError(problem?.message ?? OFFLINE, problem);
}

const post = <T>(path: string, body: unknown, signal?: AbortSignal, keepalive = false): Promise<T> =>
  call<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    keepalive,
    ...(signal && { signal }),
  });

export const api = {
  create: (request: CreateGenerationJson) => post<GenerationJson>('/api/generations', request),
  cancel: (id: string) => post<GenerationJson>(`/api/generations/${id}/cancel`, {}),
  list: (pageToken: string, pageSize: number) =>
    call<GenerationPageJson>(
      `/api/generations?${new URLSearchParams({ pageSize: String(pageSize), ...(pageToken && { pageToken }) })}`,
      {},
    ),
  suggest: async (prefix: string, limit: number, signal?: AbortSignal) =>
    (await post<SuggestionsJson>('/api/suggestions', { prefix, limit }, signal)).suggestions,
  enhance: (prompt: string, seed: number, signal: AbortSignal) =>
    post<EnhancementJson>('/api/enhancements', { prompt, seed }, signal),
  signIn: (credential: string) => post<void>('/api/session', { credential }),
  /** Sent also while the page is being left. */
  interact: (interaction: object) => post<void>('/api/interactions', interaction, undefined, true),
};

/** 128 random bits; crypto.randomUUID is not there on plain HTTP. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] as number;
