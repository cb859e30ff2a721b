/** AutocompleteService: requests checked, suggestions put into messages. */
import {
  type AutocompleteService,
  type FieldViolation,
  promptViolations,
  SuggestionSource,
  type SuggestPromptsRequest,
} from '@atelier/contracts';
import { supportsLanguage } from '@atelier/models';
import { invalidArgument, type ServiceImpl } from '@atelier/rpc';
import type { Suggester } from './suggester.ts';

const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 20;
const DEFAULT_LANGUAGE = 'en';

const SOURCES = {
  index: SuggestionSource.INDEX,
  language_model: SuggestionSource.LANGUAGE_MODEL,
} as const;

/** The service over suggesters by BCP-47 language (lower case). */
export function autocompleteService(
  suggesters: ReadonlyMap<string, Suggester>,
): ServiceImpl<typeof AutocompleteService> {
  return {
    async suggestPrompts(request) {
      const suggester = suggesterFor(suggesters, request.language || DEFAULT_LANGUAGE);
      const violations = violationsOf(request);
      if (!suggester) violations.push(unknownLanguage([...suggesters.keys()]));
      if (!suggester || violations.length > 0) throw invalidArgument(violations);
      const suggestions = await suggester.suggest(request.prefix, request.limit || DEFAULT_LIMIT);
      return {
        suggestions: suggestions.map(({ text, score, source }) => ({ text, score, source: SOURCES[source] })),
      };
    },
  };
}

/** The suggester for a BCP-47 tag: "en" serves "en-GB" too. */
const suggesterFor = (suggesters: ReadonlyMap<string, Suggester>, tag: string): Suggester | undefined =>
  suggesters.get(tag) ?? [...suggesters].find(([known]) => supportsLanguage([known], tag))?.[1];

function violationsOf(request: SuggestPromptsRequest): FieldViolation[] {
  const violations = promptViolations('prefix', request.prefix, { minWords: 0 });
  if (request.limit > MAX_LIMIT)
    violations.push({ field: 'limit', description: `must be 1 to ${MAX_LIMIT}; it is ${request.limit}` });
  return violations;
}

const unknownLanguage = (known: readonly string[]): FieldViolation => ({
  field: 'language',
  description: `has no prompt index; known: ${known.join(', ')}`,
});
