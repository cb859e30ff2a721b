/** PromptEnhancementService: requests checked, additions put into messages. */
import {
  AdditionKind,
  type EnhancePromptRequest,
  type FieldViolation,
  type PromptEnhancementService,
  promptViolations,
} from '@atelier/contracts';
import { supportsLanguage } from '@atelier/models';
import { invalidArgument, type ServiceImpl } from '@atelier/rpc';
import { type EnhanceOptions, enhance } from './enhance.ts';
import type { Enhancer } from './model.ts';
import { withoutIdentity } from './people.ts';
import { type AdditionKind as Kind, STYLES } from './phrases.ts';

/** Version of the rules and phrases; changes whenever the same request may get another answer. */
export const RULES_VERSION = '2026-11.3';

const DEFAULT_LANGUAGE = 'en';
/** The languages that have a lexicon and phrases. */
const LANGUAGES = ['en'];

const KINDS: Record<Kind, AdditionKind> = {
  setting: AdditionKind.SETTING,
  light: AdditionKind.LIGHT,
  weather: AdditionKind.WEATHER,
  style: AdditionKind.STYLE,
  detail: AdditionKind.DETAIL,
  representation: AdditionKind.REPRESENTATION,
};

export interface ServiceParts extends Pick<EnhanceOptions, 'knows' | 'representation'> {
  /** Without it the rules do all. */
  enhancer?: Enhancer | undefined;
  /** Longest it may take, milliseconds. */
  enhancerTimeoutMs: number;
}

/** The service with what its models know, what they propose and what its operator wants said of people. */
export function promptEnhancementService(parts: ServiceParts): ServiceImpl<typeof PromptEnhancementService> {
  const { enhancer, enhancerTimeoutMs, ...knowledge } = parts;
  const propose = async (prompt: string, seed: number, cancelled: AbortSignal): Promise<string[]> => {
    // What the prompt is of must be known to the models: about other things they would say what comes to hand.
    if (!enhancer || knowledge.knows?.(withoutIdentity(prompt)) === false) return [];
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(enhancerTimeoutMs)]);
    return await enhancer.propose(prompt, seed, signal);
  };
  return {
    async enhancePrompt(request, { signal }) {
      const violations = violationsOf(request);
      if (violations.length > 0) throw invalidArgument(violations);
      const { prompt, additions, modelled } = enhance(request.prompt, {
        ...knowledge,
        seed: request.seed,
        style: request.style,
        worth: enhancer?.worth,
        proposals: await propose(request.prompt, request.seed, signal),
      });
      const rules = { name: 'prompt-enhancement/rules', version: RULES_VERSION, sha256: '' };
      return {
        prompt,
        additions: additions.map(({ kind, text, offset }) => ({ kind: KINDS[kind], text, offset })),
        modelVersion: modelled && enhancer ? enhancer.identity : rules,
      };
    },
  };
}

function violationsOf({ prompt, style, language }: EnhancePromptRequest): FieldViolation[] {
  const violations = promptViolations('prompt', prompt);
  if (style !== undefined && !Object.hasOwn(STYLES, style))
    violations.push({ field: 'style', description: `is unknown; known: ${Object.keys(STYLES).join(', ')}` });
  if (!supportsLanguage(LANGUAGES, language || DEFAULT_LANGUAGE))
    violations.push({ field: 'language', description: `has no phrases; known: ${LANGUAGES.join(', ')}` });
  return violations;
}
