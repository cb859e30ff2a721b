/** A route as data: what is matched, what is checked, what is documented, and what answers. */
import type { z } from 'zod';
import type { Identity } from '../identity.ts';

/** What a handler gets; everything in it has passed the route's schemas. */
export interface Asked<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  identity: Identity;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
  /** Aborts when the server is about to end: long answers should end too. */
  shutdown: AbortSignal;
  /** Header `Last-Event-ID`, of a client that resumes. */
  lastEventId: string | undefined;
  /** What links in answers begin with, without a trailing slash. */
  publicUrl: string;
}

/** An answer; a body that is iterated is streamed at the client's pace. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<string>;
  /** What a stream sends while it has nothing to say, so that nobody on the way takes it for dead. */
  heartbeat?: string;
}

/** Which shape errors have: the page's own, or OpenAI's. */
export type Dialect = 'atelier' | 'openai';

export interface Documented {
  description: string;
  /** JSON's schema; absent for other types. */
  schema?: z.ZodType;
  /** Media type other than JSON. */
  type?: string;
}

export interface Route {
  method: 'GET' | 'POST';
  /** As URLPattern has it: "/api/generations/:id". */
  path: string;
  dialect: Dialect;
  /** Name of the operation, camelCase. */
  name: string;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** What the body must be, and the most bytes it may have. */
  body?: { schema: z.ZodType; maxBytes: number };
  answers: Readonly<Record<number, Documented>>;
  handle(asked: Asked<unknown, unknown, unknown>): Promise<Reply>;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

interface TypedRoute<P, Q, B> extends Omit<Route, 'params' | 'query' | 'body' | 'handle' | 'dialect'> {
  dialect?: Dialect;
  params?: P;
  query?: Q;
  body?: { schema: B; maxBytes: number };
  handle(asked: Asked<Parsed<P>, Parsed<Q>, Parsed<B>>): Promise<Reply>;
}

/** A route whose handler is typed by its schemas. */
export function route<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(typed: TypedRoute<P, Q, B>): Route {
  // The server hands over only what these schemas made.
  return { dialect: 'atelier', ...typed } as unknown as Route;
}

/** An answer in JSON. */
export const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
});
