import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { useWeb } from './web.fixture.ts';

const on = useWeb();

it('describes itself in valid OpenAPI, every route of it', async () => {
  const document = (await (await fetch(`${on.url}/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const { valid, errors } = await new Validator().validate(document);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(operations).toEqual([
    'post /api/generations',
    'get /api/generations',
    'get /api/generations/{id}',
    'post /api/generations/{id}/cancel',
    'get /api/generations/{id}/events',
    'get /api/generations/{id}/images/{file}',
    'post /api/suggestions',
    'post /api/enhancements',
    'post /api/interactions',
    'post /api/session',
    'post /v1/images/generations',
    'get /openapi.json',
  ]);
});

it('has every schema that it refers to', async () => {
  const text = await (await fetch(`${on.url}/openapi.json`)).text();
  const { components } = JSON.parse(text) as { components: { schemas: object } };
  const referred = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect(referred.length).toBeGreaterThan(10);
  expect(referred.filter((name) => !Object.hasOwn(components.schemas, name as string))).toEqual([]);
});
