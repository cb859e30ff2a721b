import {
  CreateGenerationRequestSchema,
  create,
  ListGenerationsRequestSchema,
  type MessageInitShape,
  Sampler,
} from '@atelier/contracts';
import { Code, RpcError } from '@atelier/rpc';
import { describe, expect, test } from 'vitest';
import { generationId, indexKey, pageToken } from './identity.ts';
import { validateCreate, validateId, validateList } from './validate.ts';

type Init = Exclude<MessageInitShape<typeof CreateGenerationRequestSchema>, { $typeName: string }>;
const request = (fields: object = {}) =>
  create(CreateGenerationRequestSchema, { prompt: 'A boat on an ocean', ...fields });
const refusal = (work: () => unknown): RpcError => {
  try {
    work();
  } catch (error) {
    return RpcError.from(error);
  }
  throw new Error('accepted');
};
const words = (count: number) => Array.from({ length: count }, () => 'boat').join(' ');

describe('a request', () => {
  test('gets defaults, except those of the model', () => {
    const valid = validateCreate(request(), ['en']);
    expect(valid).toMatchObject({ count: 1, size: 1_024, enhance: true, language: 'en', tenant: 'default' });
    expect([valid.seed, valid.steps, valid.guidanceScale]).toEqual([undefined, undefined, undefined]);
    expect(validateCreate(request({ options: {} }), ['en'])).toEqual(valid);
  });

  test.each<[string, Init]>([
    ['128 words', { prompt: words(128) }],
    ['line breaks', { prompt: 'a boat\n\ton an ocean' }],
    ['another script', { prompt: '海の上の船' }],
    ['the smallest', { steps: 1, guidanceScale: 0, count: 1, size: 64, seed: 0 }],
    ['the largest', { steps: 1_000, guidanceScale: 30, count: 8, size: 1_024, seed: 0xffffffff }],
    ['a dialect', { language: 'en-GB' }],
    ['no enhancement', { enhance: false }],
    ['options', { options: { sampler: Sampler.HEUN, karrasSigmas: true, guidanceRescale: 0.5 } }],
  ])('with %s is taken', (_, fields) => {
    expect(() => validateCreate(request(fields), ['en'])).not.toThrow();
  });

  test.each<[string, string, Init, RegExp]>([
    ['an empty prompt', 'prompt', { prompt: '' }, /at least 1 word/],
    ['a prompt of blanks', 'prompt', { prompt: ' \n\t ' }, /at least 1 word/],
    ['129 words', 'prompt', { prompt: words(129) }, /128 words; it has 129/],
    ['a control character', 'prompt', { prompt: 'a \u0007boat' }, /control characters/],
    ['129 negative words', 'negative_prompt', { negativePrompt: words(129) }, /128 words/],
    ['0 steps', 'steps', { steps: 0 }, /1 to 1000/],
    ['10,001 steps', 'steps', { steps: 10_001 }, /1 to 1000/],
    ['NaN guidance', 'guidance_scale', { guidanceScale: Number.NaN }, /finite.* 0 to 30/],
    ['infinite guidance', 'guidance_scale', { guidanceScale: Number.POSITIVE_INFINITY }, /0 to 30/],
    ['negative guidance', 'guidance_scale', { guidanceScale: -1 }, /0 to 30/],
    ['0 images', 'count', { count: 0 }, /1 to 8/],
    ['9 images', 'count', { count: 9 }, /1 to 8/],
    ['a size between', 'size', { size: 512 }, /64, 256, 1024/],
    ['an unknown language', 'language', { language: 'tlh' }, /know: en/],
    ['no language at all', 'language', { language: '???' }, /know: en/],
    ['a spaced request id', 'request_id', { requestId: 'a b' }, /1 to 64/],
    ['a long request id', 'request_id', { requestId: 'a'.repeat(65) }, /1 to 64/],
    ['an unknown sampler', 'options.sampler', { options: { sampler: 99 as Sampler } }, /contract/],
    ['eta for Euler', 'options.eta', { options: { sampler: Sampler.EULER, eta: 0.5 } }, /DDIM/],
    [
      'an empty interval',
      'options.guidance_interval.high',
      { options: { guidanceInterval: { low: 2, high: 1 } } },
      /above low/,
    ],
    ['a mask of nothing', 'options.mask', { options: { mask: new Uint8Array(1) } }, /init_image/],
    ['a strength of nothing', 'options.strength', { options: { strength: 0.5 } }, /init_image/],
    [
      'a strength that leaves no step',
      'options.strength',
      { steps: 4, options: { initImage: new Uint8Array(1), strength: 0.2 } },
      /at least one of 4 steps/,
    ],
    ['a shouting tenant', 'tenant', { tenant: 'ACME' }, /a-z0-9/],
  ])('with %s is refused, naming the field and its limit', (_, field, fields, limit) => {
    const error = refusal(() => validateCreate(request(fields), ['en']));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(error.violations).toEqual([{ field, description: expect.stringMatching(limit) }]);
  });

  test('with several mistakes is told them all', () => {
    const error = refusal(() => validateCreate(request({ prompt: '', steps: 0, size: 1 }), ['en']));
    expect(error.violations.map(({ field }) => field)).toEqual(['prompt', 'steps', 'size']);
  });

  test('is refused in words that do not repeat it', () => {
    const error = refusal(() => validateCreate(request({ prompt: `secret ${words(128)}` }), ['en']));
    expect(JSON.stringify([error.message, error.violations])).not.toContain('secret');
  });
});

describe('names', () => {
  test('the same request id of the same tenant is the same generation, and only that', () => {
    const ids = [
      generationId('a', 'r'),
      generationId('a', 'r'),
      generationId('b', 'r'),
      generationId('a', 's'),
      generationId('a', ''),
      generationId('a', ''),
    ];
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(5);
    for (const id of ids) expect(validateId(id)).toMatch(/^[a-z2-7]{26}$/);
  });

  test('an id that is none is refused', () => {
    for (const id of ['', 'a.b', '*', 'A', 'a'.repeat(65)]) {
      expect(refusal(() => validateId(id)).violations[0]?.field).toBe('id');
    }
  });

  test('index keys sort newest first', () => {
    const keys = [1_000, 3_000, 2_000].map((ms) => indexKey('t', ms, `at-${ms}`)).sort();
    expect(keys.map((key) => key.split('.')[2])).toEqual(['at-3000', 'at-2000', 'at-1000']);
  });
});

describe('a list request', () => {
  const list = (fields: object) => create(ListGenerationsRequestSchema, fields);

  test('goes on behind its token', () => {
    const key = indexKey('default', 1_000, 'abc');
    expect(validateList(list({ pageToken: pageToken(key) }))).toEqual({
      tenant: 'default',
      after: key,
      pageSize: 20,
    });
  });

  test.each([
    ['page_size', { pageSize: 101 }],
    ['page_token', { pageToken: 'made-up' }],
    ['page_token', { pageToken: pageToken(indexKey('other', 1, 'abc')) }],
    ['tenant', { tenant: 'a.b' }],
  ])('with a bad %s is refused', (field, fields) => {
    expect(refusal(() => validateList(list(fields))).violations[0]?.field).toBe(field);
  });
});
