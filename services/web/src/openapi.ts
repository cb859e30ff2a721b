/** `GET /openapi.json`, made of the routes that are served and the schemas that check them. */
import { z } from 'zod';
import { ErrorAnswer, WatchEvents } from './api/schemas.ts';
import { type Documented, json, type Route, route } from './http/route.ts';
import { OpenAiErrorAnswer } from './openai/schemas.ts';

const REFERENCE = '#/components/schemas/';

/** The route of the document about `routes` and itself. */
export function openApiRoute(routes: readonly Route[]): Route {
  const own: Route = route({
    method: 'GET',
    path: '/openapi.json',
    name: 'getOpenApi',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', type: 'application/json' } },
    handle: async () => json(200, document),
  });
  const document = openApiOf([...routes, own]);
  return own;
}

/** Schemas of answers, by whether they are met on the way in or out. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): object => {
  const { id } = schema.meta() ?? {};
  return id === undefined ? jsonSchema(schema, io) : { $ref: `${REFERENCE}${id}` };
};

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** OpenAPI 3.1 of routes. Pure. */
export function openApiOf(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const each of routes) {
    const path = each.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation(each) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Atelier',
      version: '1.0.0',
      description:
        'Prompts in, pictures out. Times are in UTC, sizes in pixels. A generation’s id is what it takes to see its pictures. ' +
        'A bearer token, where one is sent, stands for a tenant of its own; it is not checked here.',
    },
    paths,
    components: { schemas: components() },
  };
}

function operation({ dialect, name, summary, params, query, body, answers }: Route): object {
  const failure = dialect === 'openai' ? OpenAiErrorAnswer : ErrorAnswer;
  return {
    operationId: name,
    summary,
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body.schema, 'input') } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      default: {
        description: 'What went wrong, in plain words',
        content: { 'application/json': { schema: schemaOf(failure, 'output') } },
      },
    },
  };
}

function answerOf({ description, schema, type = 'application/json' }: Documented): object {
  if (schema) return { description, content: { [type]: { schema: schemaOf(schema, 'output') } } };
  return type === 'application/json' && !description.startsWith('OpenAPI')
    ? { description }
    : { description, content: { [type]: {} } };
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description && { description }),
    schema: rest,
  }));
}

/** Every schema that has a name, and those of the events of a watch. */
function components(): object {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `${REFERENCE}${id}`,
    io: 'input',
    unrepresentable: 'any',
  });
  const events = Object.entries(WatchEvents).map(([name, schema]) => [
    `Event.${name}`,
    schemaOf(schema, 'output'),
  ]);
  return {
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
    ),
    ...Object.fromEntries(events),
  };
}
