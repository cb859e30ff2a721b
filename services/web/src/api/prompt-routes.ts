/** Help with the prompt: completions and a look at what enhancement would add. In bodies, since addresses end up in logs. */
import { json, type Route, route } from '../http/route.ts';
import type { Mesh } from './mesh.ts';
import { Enhancement, EnhancementBody, Suggestions, SuggestionsBody } from './schemas.ts';
import { additionsOf } from './view.ts';

const MAX_BODY_BYTES = 65_536;
/** Completions that come later than this are of no use to somebody who types, milliseconds. */
const SUGGEST_TIMEOUT_MS = 1_500;

export function promptRoutes({ atelier, enhancement }: Pick<Mesh, 'atelier' | 'enhancement'>): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/suggestions',
      name: 'suggestPrompts',
      summary: 'Completions of what has been typed, best first',
      body: { schema: SuggestionsBody, maxBytes: MAX_BODY_BYTES },
      answers: { 200: { description: 'Whole prompts', schema: Suggestions } },
      async handle({ body: { prefix, limit = 5 }, signal }) {
        const found = await atelier.suggest(prefix, { limit, signal, timeoutMs: SUGGEST_TIMEOUT_MS });
        return json(200, { suggestions: found.map(({ text }) => text) });
      },
    }),
    route({
      method: 'POST',
      path: '/api/enhancements',
      name: 'enhancePrompt',
      summary: 'What enhancement adds to a prompt, with the seed it will be drawn with',
      body: { schema: EnhancementBody, maxBytes: MAX_BODY_BYTES },
      answers: { 200: { description: 'The richer prompt', schema: Enhancement } },
      async handle({ body: { prompt, seed = 0, style }, signal }) {
        const request = { prompt, seed, ...(style !== undefined && { style }) };
        const enhanced = await enhancement.enhancePrompt(request, { signal });
        return json(200, { prompt: enhanced.prompt, additions: additionsOf(enhanced.additions) });
      },
    }),
  ];
}
