/** The shape of a policy file: what its rules say is data, versioned with it, one file a language. */
import { z } from 'zod';

/** Order of severity: where two categories score alike, the earlier one decides. */
export const CATEGORIES = [
  'minors',
  'hate',
  'nudity',
  'self_harm',
  'violence',
  'illegal',
  'harassment',
  'shocking',
] as const;
export type Category = (typeof CATEGORIES)[number];

const category = z.enum(CATEGORIES);
const probability = z.number().min(0).max(1);
const concept = z.string().regex(/^[a-z][a-z0-9-]*$/u);

const rule = z.strictObject({
  /** `<category>.<what>`; names the rule in verdicts. */
  id: z.string().regex(/^[a-z_]+\.[a-z0-9-]+$/u),
  category,
  /** Evidence that the rule gives, 0..1; rules of one category add up as independent evidence. */
  score: probability,
  /** Concepts that must all be there, each by words of its own; a concept "a|b" is either. */
  all: z.array(z.string()).min(1),
  /** The words of `all` lie within this many words; without it, anywhere in the text. */
  within: z.int().min(1).optional(),
  /** Concepts of which none may be in the text. */
  unless: z.array(concept).default([]),
});

const mitigation = z.strictObject({
  /** Any of these concepts in the text… */
  concepts: z.array(concept).min(1),
  /** …multiplies the scores of these categories… */
  categories: z.array(category).min(1),
  /** …by this, 0..1. */
  factor: probability,
});

export const policySchema = z.strictObject({
  /** Grows with every change, for example "2026-11.1"; verdicts carry it. */
  version: z.string().min(1),
  /** BCP-47 language of the words. */
  language: z.string().min(2),
  /** A score at or above its threshold blocks. */
  thresholds: z.record(category, probability),
  /** Phrases whose words mean no harm: what they cover counts for nothing. */
  harmless: z.array(z.string()),
  /** Name → words and phrases. Inflections are implied; a leading "=" takes the form as it stands only. */
  concepts: z.record(concept, z.array(z.string()).min(1)),
  rules: z.array(rule),
  mitigations: z.array(mitigation).default([]),
  /** Words of the `naughty-words` package (all its languages) join a concept, but for those listed. */
  profanity: z.strictObject({ concept, except: z.array(z.string()) }),
  /** When the classifier's word outweighs a rule's. */
  overrule: z.strictObject({
    /** The classifier is sure of harmless text when its highest score is below this, 0..1. */
    below: probability,
    /** Then rules' scores count this much, 0..1. */
    factor: probability,
    /** A rule with this score or more, 0..1, is strong: its category is not overruled. */
    strong: probability,
    /** Categories in which rules are never overruled. */
    never: z.array(category),
  }),
  /** A concept that turns one harm into a graver one: with `concept` there, `to` scores no less than `from`. */
  escalations: z.array(z.strictObject({ concept, from: category, to: category })),
  /** Concepts that a list of things to avoid may name without meaning them. */
  avoidable: z.array(category),
});

export type Policy = z.infer<typeof policySchema>;
export type Rule = Policy['rules'][number];
