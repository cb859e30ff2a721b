/** HarmDetectionService: proto ↔ domain. */
import { HarmDetectionService, SafetyCategory, SafetySubject } from '@atelier/contracts';
import { type Binding, bind } from '@atelier/rpc';
import type { Judge } from './model.ts';
import { decodePicture } from './picture.ts';
import type { Category } from './policy.ts';

const CATEGORY: Record<Category, SafetyCategory> = {
  minors: SafetyCategory.MINORS,
  hate: SafetyCategory.HATE,
  nudity: SafetyCategory.NUDITY,
  self_harm: SafetyCategory.SELF_HARM,
  violence: SafetyCategory.VIOLENCE,
  shocking: SafetyCategory.SHOCKING,
  illegal: SafetyCategory.ILLEGAL,
  harassment: SafetyCategory.HARASSMENT,
};

export function harmDetection(judge: Judge): Binding {
  return bind(HarmDetectionService, {
    async classifyImage({ image }, ctx) {
      const { verdict, version } = await judge.judge(await decodePicture(image), ctx.signal);
      return {
        verdict: {
          allowed: verdict.allowed,
          category: verdict.allowed ? SafetyCategory.UNSPECIFIED : CATEGORY[verdict.top.category],
          score: verdict.top.score,
          threshold: verdict.top.threshold,
          policyVersion: judge.policy.version,
          modelVersion: version,
          scores: verdict.scores.map(({ category, score, threshold }) => ({
            category: CATEGORY[category],
            score,
            threshold,
          })),
          subject: SafetySubject.IMAGE,
        },
      };
    },
  });
}
