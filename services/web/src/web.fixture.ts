/** The web edge in the test's own process, over a fixture mesh and a real NATS server. */
import { createLog } from '@atelier/process';
import { startNats } from '@atelier/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect } from 'vitest';
import { config } from './config.ts';
import { type FixtureMesh, startFixtureMesh } from './mesh.fixture.ts';
import { startWeb, type Web } from './web.ts';

interface OpenApi {
  paths: Record<
    string,
    Record<
      string,
      { responses: Record<string, { content?: Record<string, { schema?: { $ref?: string } }> }> }
    >
  >;
}

export interface RunningWeb {
  mesh: FixtureMesh;
  nats: Awaited<ReturnType<typeof startNats>>;
  web: Web;
  /** "http://127.0.0.1:port". */
  url: string;
  /** Everything that was logged. */
  log: string[];
  /** A call whose answer must be what /openapi.json says. `path` as the document writes it, for example "/api/generations/{id}". */
  call(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<{ status: number; body: unknown; headers: Headers }>;
}

export interface CallOptions {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A browser's cookie: tests are one person unless they say otherwise. */
export const COOKIE = 'atelier=AAAAAAAAAAAAAAAAAAAAAA';

/** Start it for the tests of a file; read the result inside tests only. */
export function useWeb(env: NodeJS.ProcessEnv = {}): RunningWeb {
  const on = { log: [] as string[] } as RunningWeb;
  const shutdown = new AbortController();
  beforeAll(async () => {
    [on.mesh, on.nats] = await Promise.all([startFixtureMesh(), startNats()]);
    const settings = config.load({
      NATS_URL: on.nats.url,
      ATELIER_HTTP_ADDRESS: '127.0.0.1:0',
      ATELIER_ORCHESTRATOR_ADDRESS: on.mesh.address,
      ATELIER_AUTOCOMPLETE_ADDRESS: on.mesh.address,
      ATELIER_PROMPT_ENHANCEMENT_ADDRESS: on.mesh.address,
      ATELIER_INSIGHTS_ADDRESS: on.mesh.address,
      ...env,
    });
    const log = createLog('web', 'silent');
    on.web = await startWeb(settings, log, shutdown.signal);
    on.url = `http://127.0.0.1:${await on.web.listen()}`;
    const document = (await (await fetch(`${on.url}/openapi.json`)).json()) as OpenApi;
    on.call = (method, path, options) => call(on.url, document, method, path, options);
  });
  afterAll(async () => {
    shutdown.abort();
    await on.web?.close();
    await on.mesh?.close();
    await on.nats?.stop();
  });
  return on;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });

async function call(url: string, document: OpenApi, method: string, path: string, options: CallOptions = {}) {
  const { params = {}, query = '', body, headers } = options;
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const response = await fetch(`${url}${address}${query}`, {
    method,
    headers: {
      cookie: COOKIE,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const responses = document.paths[path]?.[method.toLowerCase()]?.responses;
  const described = responses?.[response.status] ?? (response.status >= 400 ? responses?.default : undefined);
  expect(described, `${method} ${path} ${response.status} is described`).toBeDefined();
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json'))
    return { status: response.status, body: await response.bytes(), headers: response.headers };
  const answer: unknown = await response.json();
  const schema = described?.content?.['application/json']?.schema;
  if (schema) {
    const validate = ajv.compile({
      ...schema,
      components: (document as unknown as { components: object }).components,
    });
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  }
  return { status: response.status, body: answer, headers: response.headers };
}
