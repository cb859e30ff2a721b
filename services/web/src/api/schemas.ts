/**
 * The HTTP interface's messages: they check what comes in, type what goes out, and are what /openapi.json says. The page's scripts
 * import their types, so nothing here may need Node.
 */
import { z } from 'zod';

const UINT32 = 4_294_967_295;
const time = z.iso.datetime().describe('RFC 3339, UTC');
const seed = z.int().min(0).max(UINT32).describe('Seed; the same one draws the same picture');
const imageIndex = z.int().min(0).max(7);
const prompt = z.string().max(8_192).describe('1 to 128 words and at most 4,096 code points');

export const GenerationId = z.string().regex(/^[a-z0-9-]{1,64}$/);

export const ProblemSchema = z
  .object({
    code: z.string().describe('Canonical gRPC code, for example "INVALID_ARGUMENT"'),
    reason: z.string().describe('What happened, for programs'),
    message: z.string().describe('What happened and what to do, for people'),
    fields: z.array(z.object({ field: z.string(), message: z.string() })).describe('Refused fields'),
    retryAfterMs: z.int().optional().describe('Least wait before another try, milliseconds'),
  })
  .meta({ id: 'Problem' });

export const ErrorAnswer = z.object({ error: ProblemSchema }).meta({ id: 'Error' });

const base64 = (what: string) => z.base64().max(5_592_408).describe(`${what}, base64, at most 4 MiB of file`);

export const CreateGenerationBody = z
  .strictObject({
    requestId: z.string().min(1).max(64).optional().describe('Repeating a request with its id draws once'),
    prompt,
    negativePrompt: z.string().max(8_192).optional().describe('What to leave out, at most 128 words'),
    seed: seed.optional(),
    steps: z.int().min(1).max(1_000).optional().describe('Denoising steps; default: the model’s'),
    guidanceScale: z.number().min(0).max(30).optional(),
    count: z.int().min(1).max(8).optional().describe('Number of pictures; default 1'),
    size: z
      .union([z.literal(64), z.literal(256), z.literal(1_024)])
      .optional()
      .describe('Side in pixels'),
    enhance: z.boolean().optional().describe('Whether setting and light are added; default true'),
    learn: z
      .boolean()
      .optional()
      .describe('Consent: prompt and pictures may be learnt from and suggested to others; default false'),
    from: z
      .strictObject({ generationId: GenerationId, imageIndex: imageIndex.optional() })
      .optional()
      .describe('A picture drawn before, to begin from'),
    initImage: base64('PNG, JPEG or WebP to begin from').optional(),
    mask: base64('What to draw anew: white; a picture as large as the one to begin from').optional(),
    strength: z.number().gt(0).max(1).optional().describe('How much of the picture to begin from changes'),
  })
  .meta({ id: 'CreateGeneration' });

const Progress = z.object({ step: z.int(), steps: z.int(), imageIndex }).meta({ id: 'Progress' });

const Addition = z
  .object({
    kind: z.string().describe('setting, light, style, weather, detail or representation'),
    text: z.string(),
    offset: z.int().describe('Where it begins in the enhanced prompt, in Unicode code points'),
  })
  .meta({ id: 'Addition' });

export const Enhancement = z
  .object({ prompt: z.string(), additions: z.array(Addition) })
  .meta({ id: 'Enhancement' });

const Picture = z
  .object({
    index: imageIndex,
    png: z.string().describe('Path of the PNG; ?download=1 names the file'),
    webp: z.string().describe('Path of the WebP; ?width=… (64 to 1,024) makes it smaller'),
    width: z.int(),
    height: z.int(),
    seed: z.int(),
    byteSize: z.int().describe('Of the PNG'),
  })
  .meta({ id: 'Picture' });

const Blocked = z
  .object({
    category: z.string(),
    subject: z.string().describe('prompt, negative_prompt, enhanced_prompt, image or init_image'),
    score: z.number(),
    threshold: z.number(),
    policyVersion: z.string(),
    theme: z.string(),
    message: z.string().describe('What happened, for people'),
    advice: z.string().describe('What to do'),
    spans: z
      .array(z.object({ start: z.int(), end: z.int() }))
      .describe('Where in the judged text the grounds are, in Unicode code points'),
  })
  .meta({ id: 'Blocked' });

export const States = [
  'accepted',
  'queued',
  'running',
  'succeeded',
  'failed',
  'blocked',
  'cancelled',
] as const;

export const GenerationView = z
  .object({
    id: GenerationId,
    state: z.enum(States),
    prompt: z.string(),
    negativePrompt: z.string(),
    enhanced: Enhancement.optional(),
    unknownConcepts: z.array(z.string()).describe('Words that the models have never seen'),
    seed,
    steps: z.int().describe('0 until known'),
    guidanceScale: z.number().optional(),
    count: z.int(),
    size: z.int(),
    enhance: z.boolean(),
    strength: z.number().optional(),
    createTime: time.optional(),
    startTime: time.optional(),
    endTime: time.optional(),
    stages: z.array(z.object({ name: z.string(), durationMs: z.number().optional() })),
    progress: Progress.optional(),
    images: z.array(Picture),
    blocked: Blocked.optional(),
    error: ProblemSchema.optional(),
    models: z.array(z.object({ name: z.string(), version: z.string() })),
    traceId: z.string(),
  })
  .meta({ id: 'Generation' });

export const GenerationPage = z
  .object({
    generations: z.array(GenerationView),
    nextPageToken: z.string().optional().describe('Absent on the last page'),
  })
  .meta({ id: 'GenerationPage' });

export const SuggestionsBody = z
  .strictObject({ prefix: z.string().max(8_192), limit: z.int().min(1).max(20).optional() })
  .meta({ id: 'SuggestionsRequest' });
export const Suggestions = z.object({ suggestions: z.array(z.string()) }).meta({ id: 'Suggestions' });

export const EnhancementBody = z
  .strictObject({
    prompt,
    seed: seed.optional(),
    style: z.string().max(64).optional().describe('Name of a style; default: one is chosen'),
  })
  .meta({ id: 'EnhancementRequest' });

const about = {
  id: z.string().min(1).max(64).describe('Made by the client; a repeated one counts once'),
  generationId: GenerationId,
  imageIndex: imageIndex.optional(),
  occurTime: time.optional(),
};

export const InteractionBody = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('shown'), ...about }),
    z.strictObject({ kind: z.literal('clicked'), ...about }),
    z.strictObject({ kind: z.literal('viewed'), ...about, durationMs: z.number().min(0).max(86_400_000) }),
    z.strictObject({ kind: z.literal('rated'), ...about, rating: z.enum(['up', 'down']) }),
    z.strictObject({ kind: z.literal('downloaded'), ...about }),
    z.strictObject({
      kind: z.literal('reported'),
      ...about,
      reason: z.enum(['harmful', 'person', 'copy', 'other']),
    }),
    z.strictObject({
      kind: z.literal('consentChanged'),
      id: about.id,
      occurTime: about.occurTime,
      granted: z.boolean(),
    }),
  ])
  .meta({ id: 'Interaction' });

/** The data of each event of a watch, by the event's name. */
export const WatchEvents = {
  snapshot: GenerationView,
  stageStarted: z.object({ name: z.string() }),
  stageFinished: z.object({ name: z.string(), durationMs: z.number() }),
  progress: Progress,
  preview: z.object({ png: z.base64(), imageIndex, step: z.int() }),
  finished: GenerationView,
} as const;

export type GenerationJson = z.output<typeof GenerationView>;
export type GenerationPageJson = z.output<typeof GenerationPage>;
export type CreateGenerationJson = z.input<typeof CreateGenerationBody>;
export type EnhancementJson = z.output<typeof Enhancement>;
export type InteractionJson = z.output<typeof InteractionBody>;
export type ProblemJson = z.output<typeof ProblemSchema>;
export type SuggestionsJson = z.output<typeof Suggestions>;
export type WatchEventJson = { [K in keyof typeof WatchEvents]: z.output<(typeof WatchEvents)[K]> };
