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
import { type AdditionKind as Kind, STYLES } from './phrases.ts';

/** Version of the rules and phrases; changes whenever the same request may get another answer. */
export const RULES_VERSION = '2026-11.1';

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

/** The service with what its models know and what its operator wants said of people. */
export function promptEnhancementService(
  knowledge: Pick<EnhanceOptions, 'knows' | 'representation'>,
): ServiceImpl<typeof PromptEnhancementService> {
  return {
    async enhancePrompt(request) {
      const violations = violationsOf(request);
      if (violations.length > 0) throw invalidArgument(violations);
      const { prompt, additions } = enhance(request.prompt, {
        ...knowledge,
        seed: request.seed,
        style: request.style,
      });
      return {
        prompt,
        additions: additions.map(({ kind, text, offset }) => ({ kind: KINDS[kind], text, offset })),
        modelVersion: { name: 'prompt-enhancement/rules', version: RULES_VERSION, sha256: '' },
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
