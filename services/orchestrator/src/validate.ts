/** What a request may ask for; everything else is refused before anything is recorded or queued. Pure. */
import {
  type CreateGenerationRequest,
  CreateGenerationRequestSchema,
  clone,
  create,
  equals,
  GenerationOptionsSchema,
  type ListGenerationsRequest,
  promptViolations,
  samplingViolations,
} from '@atelier/contracts';
import { supportsLanguage } from '@atelier/models';
import { invalidArgument, type Violation } from '@atelier/rpc';
import { isGenerationId, keyOfToken } from './identity.ts';

const MAX_STEPS = 1_000;
const MAX_GUIDANCE = 30;
const MAX_COUNT = 8;
const SIZES: readonly number[] = [64, 256, 1_024];
/** Says nothing, as its absence does. */
const NO_OPTIONS = create(GenerationOptionsSchema);
const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 20;

/**
 * The request with the defaults filled in that are not the model's: seed, steps and guidance stay absent where
 * they were.
 * Throws RpcError INVALID_ARGUMENT naming every bad field with its limit.
 */
export function validateCreate(
  request: CreateGenerationRequest,
  languages: readonly string[],
): CreateGenerationRequest {
  const valid = clone(CreateGenerationRequestSchema, request);
  valid.count ??= 1;
  valid.size ??= 1_024;
  valid.enhance ??= true;
  valid.tenant ||= 'default';
  valid.language ||= 'en';
  if (valid.options && equals(GenerationOptionsSchema, valid.options, NO_OPTIONS)) delete valid.options;
  const guidance = valid.guidanceScale ?? 0;

  const violations = [
    ...promptViolations('prompt', valid.prompt),
    ...promptViolations('negative_prompt', valid.negativePrompt, { minWords: 0 }),
    ...refuseUnless(
      /^([A-Za-z0-9_.-]{1,64})?$/.test(valid.requestId),
      'request_id',
      'must be 1 to 64 characters of [A-Za-z0-9_.-]',
    ),
    ...refuseUnless(
      /^[a-z0-9-]{1,64}$/.test(valid.tenant),
      'tenant',
      'must be 1 to 64 characters of [a-z0-9-]',
    ),
    ...refuseUnless(
      valid.steps === undefined || (valid.steps >= 1 && valid.steps <= MAX_STEPS),
      'steps',
      `must be 1 to ${MAX_STEPS}`,
    ),
    ...refuseUnless(
      guidance >= 0 && guidance <= MAX_GUIDANCE,
      'guidance_scale',
      `must be a finite number from 0 to ${MAX_GUIDANCE}`,
    ),
    ...refuseUnless(valid.count >= 1 && valid.count <= MAX_COUNT, 'count', `must be 1 to ${MAX_COUNT}`),
    ...refuseUnless(SIZES.includes(valid.size), 'size', `must be one of ${SIZES.join(', ')} pixels`),
    ...refuseUnless(
      supportsLanguage(languages, valid.language),
      'language',
      `must be one that the models know: ${languages.join(', ')}`,
    ),
    ...optionViolations(valid),
  ];
  if (violations.length > 0) throw invalidArgument(violations);
  return valid;
}

function optionViolations({ options, steps }: CreateGenerationRequest): Violation[] {
  if (!options) return [];
  const { initImage, mask, strength } = options;
  const needs = (field: string, given: boolean): Violation[] =>
    refuseUnless(!given || initImage.length > 0, `options.${field}`, 'needs options.init_image');
  return [
    ...samplingViolations('options.', options, steps),
    ...needs('mask', mask.length > 0),
    ...needs('strength', strength !== undefined),
  ];
}

/** A generation id from a request. Throws RpcError INVALID_ARGUMENT. */
export function validateId(id: string): string {
  if (isGenerationId(id)) return id;
  throw invalidArgument([{ field: 'id', description: 'must be 1 to 64 characters of [a-z0-9-]' }]);
}

/** Which page to list. Throws RpcError INVALID_ARGUMENT. */
export function validateList(request: ListGenerationsRequest) {
  const tenant = request.tenant || 'default';
  const tenantOk = /^[a-z0-9-]{1,64}$/.test(tenant);
  const after = request.pageToken && tenantOk ? keyOfToken(request.pageToken, tenant) : '';
  const violations = [
    ...refuseUnless(tenantOk, 'tenant', 'must be 1 to 64 characters of [a-z0-9-]'),
    ...refuseUnless(request.pageSize <= MAX_PAGE_SIZE, 'page_size', `must be at most ${MAX_PAGE_SIZE}`),
    ...refuseUnless(after !== null, 'page_token', 'must be the next_page_token of the page before'),
  ];
  if (violations.length > 0) throw invalidArgument(violations);
  return { tenant, after: after ?? '', pageSize: request.pageSize || DEFAULT_PAGE_SIZE };
}

function refuseUnless(ok: boolean, field: string, description: string): Violation[] {
  return ok ? [] : [{ field, description }];
}
