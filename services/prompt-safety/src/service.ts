/** PromptSafetyService: proto ↔ domain. */
import { PromptSafetyService, SafetyCategory, SafetySubject } from '@atelier/contracts';
import { type Binding, bind, callerOf, invalidArgument, resourceExhausted } from '@atelier/rpc';
import type { Judge, Judges } from './judges.ts';
import type { Category } from './policy/schema.ts';
import { checkPrompts, checkTexts } from './request.ts';
import type { Screening } from './screen.ts';
import { type TenantThresholds, thresholdsFor } from './thresholds.ts';
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

/** Calls for composed texts under way at a time: prompts that are to be drawn come first, and wait for one text of each at most. */
const MAX_BATCHES = 2;
const RETRY_MS = 20;

/** `tenants`: thresholds that differ from the policy's; a call's tenant is its caller's name. */
export function promptSafety(judges: Judges, tenants: TenantThresholds = {}): Binding {
  let batches = 0;
  return bind(PromptSafetyService, {
    async classifyPrompt(request, ctx) {
      checkTexts(request.prompt, request.negativePrompt);
      const judge = judges.forLanguage(request.language || 'en');
      const screening = await judge.judge(request.prompt, request.negativePrompt, ctx.signal);
      const verdict = decide(screening, thresholdsFor(judge.policy, tenants, callerOf(ctx.metadata).name));
      if (verdict.allowed) {
        refuseUnreadable('prompt', request.prompt, judge);
        refuseUnreadable('negative_prompt', request.negativePrompt, judge);
      }
      return { verdict: toMessage(verdict, judge) };
    },
    async classifyPrompts({ prompts, language }, ctx) {
      checkPrompts(prompts);
      const judge = judges.forLanguage(language || 'en');
      const thresholds = thresholdsFor(judge.policy, tenants, callerOf(ctx.metadata).name);
      if (batches >= MAX_BATCHES)
        throw resourceExhausted('other texts are being read', RETRY_MS, 'QUEUE_FULL');
      batches++;
      const allowed = (screening: Screening) => decide(screening, thresholds).allowed;
      const screenings = await judge.judgeAll(prompts, allowed, ctx.signal).finally(() => batches--);
      const verdicts = screenings.map((screening, i) => {
        const verdict = decide(screening, thresholds);
        const message = toMessage(verdict, judge);
        return verdict.allowed && !judge.canRead(prompts[i] as string)
          ? { ...message, allowed: false }
          : message;
      });
      return { verdicts };
    },
  });
}

function refuseUnreadable(field: string, text: string, judge: Judge): void {
  if (judge.canRead(text)) return;
  throw invalidArgument([{ field, description: 'is not in the stated language' }], 'LANGUAGE_UNSUPPORTED');
}

function toMessage(verdict: Verdict, judge: Judge) {
  return {
    allowed: verdict.allowed,
    category: verdict.allowed ? SafetyCategory.UNSPECIFIED : CATEGORY[verdict.top.category],
    score: verdict.top.score,
    threshold: verdict.top.threshold,
    policyVersion: judge.policy.version,
    ...(verdict.judgedBy && { modelVersion: verdict.judgedBy }),
    scores: verdict.scores.map(({ category, score, threshold }) => ({
      category: CATEGORY[category],
      score,
      threshold,
    })),
    matchedSpans: verdict.findings.map(({ start, end, rule }) => ({ start, end, rule })),
    subject: verdict.subject === 'prompt' ? SafetySubject.PROMPT : SafetySubject.NEGATIVE_PROMPT,
  };
}
