import type { GenerateImageRequest } from '@atelier/contracts';
import { allFinite } from '@atelier/inference';
import { fromWire, isViolation } from '@atelier/inference/service';
import { invalidArgument, type Violation } from '@atelier/rpc';
import { type Canvas, canvasFor } from './canvas.ts';
import type { Conditioning } from './conditioning.ts';
import type { DrawOrder } from './drawing.ts';
import type { Denoiser } from './model.ts';
import { parseSampling, type SamplingOrder } from './sampling-order.ts';
import { parseSource, type SourceOrder } from './source-order.ts';

const MAX_GUIDANCE = 30;
const MAX_STEP_INTERVAL_MS = 60_000;
/** Hidden states of one text: far above 128 words, far below what would exhaust memory. */
const MAX_STATES = 4096;

/** A request that passed every check, defaults filled in. */
export interface ParsedOrder {
  readonly order: DrawOrder;
  readonly sampling: SamplingOrder;
  readonly canvas: Canvas;
  /** What it is begun from in place of noise. */
  readonly source?: SourceOrder;
}

/** What a request is held against. */
export type DenoiserFacts = Pick<Denoiser, 'config' | 'conditioning' | 'sizes'>;

/**
 * Checks a request against the model.
 * @param encodes whether a picture can be begun from another.
 * @throws RpcError INVALID_ARGUMENT naming every bad field and its limit.
 */
export function parseOrder(
  request: GenerateImageRequest,
  { config, conditioning, sizes }: DenoiserFacts,
  encodes: boolean,
): ParsedOrder {
  const violations: Violation[] = [];
  const check = (holds: boolean, field: string, description: string): void => {
    if (!holds) violations.push({ field, description });
  };
  const guidance = request.guidanceScale ?? config.defaultGuidance;
  const source = parseSource(request, encodes, violations);
  const sampling = parseSampling(request, config, violations, source?.strength);
  const canvas = canvasFor(sizes, request.width, request.height);
  check(
    guidance >= 0 && guidance <= MAX_GUIDANCE,
    'guidance_scale',
    `must be a number from 0 to ${MAX_GUIDANCE}, not ${guidance}`,
  );
  if (Array.isArray(canvas)) violations.push(...canvas);
  check(request.previewEvery <= 1000, 'preview_every', `must be 0 to 1000, not ${request.previewEvery}`);
  check(
    request.stepIntervalMs <= MAX_STEP_INTERVAL_MS,
    'step_interval_ms',
    `must be 0 to ${MAX_STEP_INTERVAL_MS}, not ${request.stepIntervalMs}`,
  );

  const prompt = parseConditioning(request.conditioning, 'conditioning', conditioning, violations);
  // A network that is told the guidance steers by itself.
  const wantsNegative =
    conditioning.guidanceDim === undefined && (guidance !== 1 || request.negativeConditioning !== undefined);
  const negative = wantsNegative
    ? parseConditioning(request.negativeConditioning, 'negative_conditioning', conditioning, violations)
    : undefined;
  if (prompt && negative && !conditioning.masked && prompt.mask.data.length !== negative.mask.data.length) {
    violations.push({
      field: 'negative_conditioning.tokens',
      description: `this model has no mask: must hold the ${prompt.mask.data.length} states of the prompt, not ${negative.mask.data.length}`,
    });
  }
  if (violations.length > 0 || !prompt || Array.isArray(canvas)) throw invalidArgument(violations);
  return {
    sampling,
    canvas,
    ...(source && { source }),
    order: {
      prompt,
      ...(negative && { negative }),
      seed: request.seed,
      guidance,
      guidanceRescale: sampling.guidanceRescale,
      ...(sampling.guidanceInterval && { guidanceInterval: sampling.guidanceInterval }),
      previewEvery: request.previewEvery,
    },
  };
}

function parseConditioning(
  wire: GenerateImageRequest['conditioning'],
  field: string,
  { dim, pooledDim }: DenoiserFacts['conditioning'],
  violations: Violation[],
): Conditioning | undefined {
  const states = fromWire(wire?.tokens, `${field}.tokens`, 'float32', ['S', dim]);
  const mask = fromWire(wire?.mask, `${field}.mask`, 'int64', ['S']);
  const pooled = fromWire(wire?.pooled, `${field}.pooled`, 'float32', [pooledDim ?? 'P']);
  if (isViolation(states) || isViolation(mask) || isViolation(pooled)) {
    violations.push(...[states, mask, pooled].filter(isViolation));
    return undefined;
  }
  const [count = 0] = states.dims;
  const before = violations.length;
  if (count > MAX_STATES) {
    violations.push({
      field: `${field}.tokens`,
      description: `must hold at most ${MAX_STATES} states, not ${count}`,
    });
  }
  if (mask.data.length !== count) {
    violations.push({
      field: `${field}.mask`,
      description: `must have the ${count} entries of tokens, not ${mask.data.length}`,
    });
  } else if (!mask.data.every((one) => one === 0n || one === 1n) || !mask.data.includes(1n)) {
    violations.push({ field: `${field}.mask`, description: 'must hold 0 and 1 alone, and at least one 1' });
  }
  for (const [name, tensor] of Object.entries({ tokens: states, pooled })) {
    if (!allFinite(tensor.data)) {
      violations.push({ field: `${field}.${name}`, description: 'must hold finite numbers' });
    }
  }
  return violations.length === before ? { states, mask, pooled } : undefined;
}
