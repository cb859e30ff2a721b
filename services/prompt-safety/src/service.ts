/** PromptSafetyService: proto ↔ domain. */
import { PromptSafetyService, SafetyCategory, SafetySubject } from '@atelier/contracts';
import { type Binding, bind, invalidArgument } from '@atelier/rpc';
import { isReadable } from './language.ts';
import type { Judges } from './model.ts';
import type { Category } from './policy/schema.ts';
import { checkTexts } from './request.ts';
import { decide, type Verdict } from './verdict.ts';

const CATEGORY: Record<Category, SafetyCategory> = {
  minors: SafetyCategory.MINORS,
  hate: SafetyCategory.HATE,
  nudity: SafetyCategory.NUDITY,
  self_harm: SafetyCategory.SELF_HARM,
  violence: SafetyCategory.VIOLENCE,
  illegal: SafetyCategory.ILLEGAL,
  harassment: SafetyCategory.HARASSMENT,
  shocking: SafetyCategory.SHOCKING,
};

export function promptSafety(judges: Judges): Binding {
  return bind(PromptSafetyService, {
    async classifyPrompt(request, ctx) {
      checkTexts(request.prompt, request.negativePrompt);
      const judge = judges.forLanguage(request.language || 'en');
      const screening = await judge.judge(request.prompt, request.negativePrompt, ctx.signal);
      const verdict = decide(judge.policy, screening);
      if (verdict.allowed) {
        refuseUnreadable('prompt', request.prompt, judge.isKnownWord);
        refuseUnreadable('negative_prompt', request.negativePrompt, judge.isKnownWord);
      }
      return { verdict: toMessage(verdict, judge) };
    },
  });
}

function refuseUnreadable(field: string, text: string, isKnownWord: (word: string) => boolean): void {
  if (isReadable(text, isKnownWord)) return;
  throw invalidArgument([{ field, description: 'is not in the stated language' }], 'LANGUAGE_UNSUPPORTED');
}

function toMessage(verdict: Verdict, judge: ReturnType<Judges['forLanguage']>) {
  return {
    allowed: verdict.allowed,
    category: verdict.allowed ? SafetyCategory.UNSPECIFIED : CATEGORY[verdict.top.category],
    score: verdict.top.score,
    threshold: verdict.top.threshold,
    policyVersion: judge.policy.version,
    ...(judge.modelVersion === undefined ? {} : { modelVersion: judge.modelVersion }),
    scores: verdict.scores.map(({ category, score, threshold }) => ({
      category: CATEGORY[category],
      score,
      threshold,
    })),
    matchedSpans: verdict.findings.map(({ start, end, rule }) => ({ start, end, rule })),
    subject: verdict.subject === 'prompt' ? SafetySubject.PROMPT : SafetySubject.NEGATIVE_PROMPT,
  };
}
