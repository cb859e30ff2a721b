/** What came out, for programs (one line of JSON) and for people. */
import {
  type Generation,
  GenerationState,
  SafetyCategory,
  SafetySubject,
  type SafetyVerdict,
} from '@atelier/contracts';
import { type Code, codeName, RpcError } from '@atelier/rpc';
import { enumName } from './enum-name.ts';
import type { Options } from './options.ts';
import { seconds } from './progress.ts';

export interface Report {
  /** SUCCEEDED, FAILED, BLOCKED or CANCELLED. */
  state: string;
  /** First picture, and all of them; absolute paths. */
  path?: string;
  paths: string[];
  width?: number;
  height?: number;
  seed: number;
  prompt: string;
  /** What was drawn, when it was enhanced. */
  enhancedPrompt?: string;
  /** Words of the prompt that the models have never seen. */
  unknownConcepts: string[];
  /** Stages in order of their start. */
  stages: { name: string; ms: number }[];
  /** From the command's request to its answer, milliseconds. */
  totalMs: number;
  traceId: string;
  /** "<name> <version>" of each model that took part. */
  models: string[];
  /** Other prompts that begin so. */
  seeAlso: string[];
  /** Why it was blocked. */
  verdict?: { category: string; subject: string; score: number; threshold: number; policyVersion: string };
  /** Why it failed. */
  error?: { code: string; message: string };
}

export interface ReportParts {
  generation: Generation;
  paths: string[];
  traceId: string;
  totalMs: number;
  seeAlso: string[];
}

export function createReport({ generation, paths, traceId, totalMs, seeAlso }: ReportParts): Report {
  const { result, enhancedPrompt } = generation;
  const [image] = result.case === 'images' ? result.value.images : [];
  return {
    state: enumName(GenerationState, generation.state),
    ...(paths[0] !== undefined && { path: paths[0] }),
    paths,
    ...(image && { width: image.width, height: image.height }),
    seed: generation.seed,
    prompt: generation.prompt,
    ...(enhancedPrompt && { enhancedPrompt: enhancedPrompt.prompt }),
    unknownConcepts: generation.unknownConcepts,
    stages: generation.stages.map(({ name, durationMs = 0 }) => ({ name, ms: round(durationMs) })),
    totalMs: round(totalMs),
    traceId,
    models: generation.modelVersions.map(({ name, version }) => `${name} ${version}`),
    seeAlso,
    ...(result.case === 'verdict' && { verdict: describeVerdict(result.value) }),
    ...(result.case === 'error' && {
      error: { code: codeName(result.value.code as Code), message: result.value.message },
    }),
  };
}

/** For a run that ended before there was a generation to tell of. */
export function failureReport({ request }: Options, failure: unknown): Partial<Report> {
  const { code, message } =
    failure instanceof RpcError
      ? { code: failure.reason, message: failure.message }
      : { code: 'FAILED', message: failure instanceof Error ? failure.message : String(failure) };
  return { state: 'FAILED', paths: [], prompt: request.prompt, error: { code, message } };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

const describeVerdict = ({ category, subject, score, threshold, policyVersion }: SafetyVerdict) => ({
  category: enumName(SafetyCategory, category),
  subject: enumName(SafetySubject, subject),
  score: Math.round(score * 1000) / 1000,
  threshold: Math.round(threshold * 1000) / 1000,
  policyVersion,
});

/** Lines for people. */
export function describeReport(report: Report): string[] {
  const lines = report.paths.map((path) => `picture   ${path}`);
  const { verdict, error } = report;
  if (verdict)
    lines.push(
      `blocked   ${spoken(verdict.category)} in the ${spoken(verdict.subject)} ` +
        `(score ${verdict.score}, threshold ${verdict.threshold}, policy ${verdict.policyVersion})`,
    );
  if (error) lines.push(`failed    ${error.message} (${error.code})`);
  if (report.state === 'CANCELLED') lines.push('cancelled');
  if (report.enhancedPrompt && report.enhancedPrompt !== report.prompt)
    lines.push(`drawn     ${report.enhancedPrompt}`);
  for (const concept of report.unknownConcepts) lines.push(`never seen: ${concept}`);
  lines.push(`seed      ${report.seed}`);
  lines.push(`stages    ${report.stages.map(({ name, ms }) => `${name} ${seconds(ms)}`).join(' · ')}`);
  lines.push(`total     ${seconds(report.totalMs)}`);
  if (report.traceId) lines.push(`trace     ${report.traceId}`);
  if (report.seeAlso.length > 0) lines.push(`see also  ${report.seeAlso.join(' · ')}`);
  return lines;
}

const spoken = (name: string): string => name.toLowerCase().replaceAll('_', ' ');
