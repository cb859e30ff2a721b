/** A generation as the HTTP interface shows it. Pure. */
import {
  AdditionKind,
  AdditionKindSchema,
  type Generation,
  GenerationStateSchema,
  type PromptAddition,
  SafetyCategory,
  SafetyCategorySchema,
  SafetySubject,
  SafetySubjectSchema,
  type SafetyVerdict,
  type Timestamp,
  timestampDate,
} from '@atelier/contracts';
import { RpcError } from '@atelier/rpc';
import { blockedWords } from '../words/blocked.ts';
import { problemOf } from '../words/problem.ts';
import type { GenerationJson } from './schemas.ts';

/** Pictures as paths; what a picture is made of never travels in here. */
export function viewOf(generation: Generation): GenerationJson {
  const { id, prompt, negativePrompt, enhancedPrompt, unknownConcepts, result, options } = generation;
  const { seed, steps, guidanceScale, count, size, enhance, traceId, progress } = generation;
  return {
    id,
    state: lowerName(GenerationStateSchema, generation.state, 'GENERATION_STATE_') as GenerationJson['state'],
    prompt,
    negativePrompt,
    ...(enhancedPrompt && {
      enhanced: { prompt: enhancedPrompt.prompt, additions: additionsOf(enhancedPrompt.additions) },
    }),
    unknownConcepts,
    seed,
    steps,
    ...(guidanceScale !== undefined && { guidanceScale }),
    count,
    size,
    enhance,
    ...(options?.strength !== undefined && { strength: options.strength }),
    ...time('createTime', generation.createTime),
    ...time('startTime', generation.startTime),
    ...time('endTime', generation.endTime),
    stages: generation.stages.map(({ name, durationMs }) => ({
      name,
      ...(durationMs !== undefined && { durationMs }),
    })),
    ...(progress && {
      progress: { step: progress.step, steps: progress.steps, imageIndex: progress.imageIndex },
    }),
    images:
      result.case === 'images'
        ? result.value.images.map(({ width, height, seed, byteSize }, index) => ({
            index,
            png: picturePath(id, index, 'png'),
            webp: picturePath(id, index, 'webp'),
            width,
            height,
            seed,
            byteSize: Number(byteSize),
          }))
        : [],
    ...(result.case === 'verdict' && { blocked: blockedOf(result.value) }),
    ...(result.case === 'error' && { error: problemOf(RpcError.fromStatus(result.value)) }),
    models: generation.modelVersions.map(({ name, version }) => ({ name, version })),
    traceId,
  };
}

export const picturePath = (id: string, index: number, type: 'png' | 'webp'): string =>
  `/api/generations/${id}/images/${index}.${type}`;

export const additionsOf = (additions: readonly PromptAddition[]) =>
  additions.map(({ kind, text, offset }) => ({
    kind: lowerName(AdditionKindSchema, kind ?? AdditionKind.UNSPECIFIED, 'ADDITION_KIND_'),
    text,
    offset,
  }));

function blockedOf(verdict: SafetyVerdict): NonNullable<GenerationJson['blocked']> {
  const { category, subject, score, threshold, policyVersion, matchedSpans } = verdict;
  return {
    category: lowerName(SafetyCategorySchema, category ?? SafetyCategory.UNSPECIFIED, 'SAFETY_CATEGORY_'),
    subject: lowerName(SafetySubjectSchema, subject ?? SafetySubject.UNSPECIFIED, 'SAFETY_SUBJECT_'),
    score,
    threshold,
    policyVersion,
    ...blockedWords(verdict),
    spans: matchedSpans.map(({ start, end }) => ({ start, end })),
  };
}

interface EnumSchema {
  value: Record<number, { name: string }>;
}

/** SAFETY_CATEGORY_SELF_HARM → "self_harm". */
const lowerName = (schema: EnumSchema, value: number, prefix: string): string =>
  (schema.value[value]?.name ?? 'unspecified').replace(prefix, '').toLowerCase();

const time = <K extends string>(key: K, at: Timestamp | undefined) =>
  (at ? { [key]: timestampDate(at).toISOString() } : {}) as { [P in K]?: string };
