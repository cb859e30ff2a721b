import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BundleError } from './errors.ts';

/** File name that marks a folder of the Hugging Face diffusers (Optimum ONNX) layout. */
export const MODEL_INDEX_FILE = 'model_index.json';

/** A role as the layout has it: files by purpose, relative to the folder, and its config in our words. */
export interface LayoutRole {
  readonly files: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a pipeline's class draws with when a request doesn't say: its defaults in diffusers. */
const PIPELINES: Readonly<Record<string, { steps: number; guidance: number }>> = {
  StableDiffusionPipeline: { steps: 50, guidance: 7.5 },
  StableDiffusionXLPipeline: { steps: 50, guidance: 5 },
  LatentConsistencyModelPipeline: { steps: 4, guidance: 8.5 },
  IFPipeline: { steps: 100, guidance: 7 },
};

const ModelIndexSchema = z.looseObject({
  _class_name: z.string(),
  force_zeros_for_empty_prompt: z.boolean().default(false),
});
const UnetSchema = z.looseObject({
  sample_size: z.int().min(1),
  in_channels: z.int().min(1),
  block_out_channels: z.array(z.int()).min(1),
  cross_attention_dim: z.int().min(1).or(z.array(z.int()).min(1)),
  encoder_hid_dim: z.int().nullish(),
  projection_class_embeddings_input_dim: z.int().nullish(),
  addition_time_embed_dim: z.int().nullish(),
});
const VaeSchema = z.looseObject({
  block_out_channels: z.array(z.int()).min(1),
  latent_channels: z.int().default(4),
  scaling_factor: z.number().default(0.18215),
  shift_factor: z.number().nullish(),
  latents_mean: z.array(z.number()).nullish(),
  latents_std: z.array(z.number()).nullish(),
});
const EncoderSchema = z.looseObject({
  model_type: z.string().default('clip_text_model'),
  hidden_size: z.int().optional(),
  d_model: z.int().optional(),
  max_position_embeddings: z.int().optional(),
});
const TokenSchema = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
]);
const TokenizerSchema = z.looseObject({
  model_max_length: z.number().optional(),
  pad_token: TokenSchema.nullish(),
});

/** Tokens a T5 encoder reads for a picture, as diffusers' IF pipelines have it. */
const T5_WINDOW = 77;
/** Numbers that describe a picture's size to SDXL. */
const TIME_IDS = 6;

/**
 * The roles in a folder of the diffusers layout: `text_encoder`, `text_encoder_2`, `denoiser`, `vae_decoder`, `vae_encoder`.
 * @throws BundleError MANIFEST_INVALID, CONFIG_INVALID or FILE_MISSING naming the file.
 */
export async function readLayout(folder: string): Promise<Record<string, LayoutRole>> {
  const index = await readJson(join(folder, MODEL_INDEX_FILE), ModelIndexSchema, 'MANIFEST_INVALID');
  const pipeline = index._class_name.replace(/^(ORT|Onnx)/, '');
  const defaults = PIPELINES[pipeline];
  if (!defaults) {
    const known = Object.keys(PIPELINES).join(', ');
    throw new BundleError(
      'MANIFEST_INVALID',
      `${join(folder, MODEL_INDEX_FILE)}: pipelines of class "${index._class_name}" are not supported; known: ${known}`,
    );
  }
  const has = (name: string): boolean =>
    Array.isArray(index[name]) && index[name].some((part) => part !== null);
  const roles: Record<string, LayoutRole> = {};
  const hidden = has('text_encoder_2') ? 'penultimate' : 'last';
  for (const [role, tokenizer] of [
    ['text_encoder', 'tokenizer'],
    ['text_encoder_2', 'tokenizer_2'],
  ] as const) {
    if (role !== 'text_encoder' && !has(role)) continue;
    const zeroEmpty = index.force_zeros_for_empty_prompt;
    roles[role] = await readEncoder(folder, role, tokenizer, { hidden, zeroEmpty });
  }
  const vae = has('vae') || has('vae_decoder') ? await readVae(folder) : undefined;
  if (vae) {
    roles.vae_decoder = vae.role;
    const encoder = 'vae_encoder/model.onnx';
    if (await exists(join(folder, encoder))) roles.vae_encoder = { ...vae.role, files: { model: encoder } };
  }
  roles.denoiser = await readDenoiser(folder, defaults, vae);
  return roles;
}

async function readEncoder(
  folder: string,
  role: string,
  tokenizer: string,
  facts: { hidden: 'last' | 'penultimate'; zeroEmpty: boolean },
): Promise<LayoutRole> {
  const encoder = await readJson(join(folder, role, 'config.json'), EncoderSchema);
  const settings = await readJson(join(folder, tokenizer, 'tokenizer_config.json'), TokenizerSchema);
  const t5 = encoder.model_type === 't5';
  const whole = `${tokenizer}/tokenizer.json`;
  const classic = { vocabulary: `${tokenizer}/vocab.json`, merges: `${tokenizer}/merges.txt` };
  const files = t5 || (await exists(join(folder, whole))) ? { tokenizer: whole } : classic;
  const longest = encoder.max_position_embeddings ?? T5_WINDOW;
  return {
    files: { model: `${role}/model.onnx`, ...files },
    config: {
      window: t5 ? T5_WINDOW : Math.min(settings.model_max_length ?? longest, longest),
      dim: encoder.hidden_size ?? encoder.d_model,
      fullWindows: true,
      ...facts,
      ...(settings.pad_token && { padToken: settings.pad_token }),
    },
  };
}

async function readVae(folder: string): Promise<{ role: LayoutRole; channels: number; scale: number }> {
  const vae = await readJson(join(folder, 'vae_decoder/config.json'), VaeSchema);
  const config = {
    scalingFactor: vae.scaling_factor,
    shiftFactor: vae.shift_factor ?? 0,
    ...(vae.latents_mean &&
      vae.latents_std && { latentsMean: vae.latents_mean, latentsStd: vae.latents_std }),
  };
  return {
    role: { files: { model: 'vae_decoder/model.onnx' }, config },
    channels: vae.latent_channels,
    scale: 2 ** (vae.block_out_channels.length - 1),
  };
}

async function readDenoiser(
  folder: string,
  { steps, guidance }: { steps: number; guidance: number },
  vae: { channels: number; scale: number } | undefined,
): Promise<LayoutRole> {
  const path = join(folder, 'unet/config.json');
  const unet = await readJson(path, UnetSchema);
  const scheduler = await readJson(join(folder, 'scheduler/scheduler_config.json'), z.looseObject({}));
  const { channels, scale } = vae ?? { channels: 3, scale: 1 };
  if (unet.in_channels !== channels) {
    throw new BundleError(
      'CONFIG_INVALID',
      `${path}: in_channels is ${unet.in_channels}, but pictures have ${channels} channels; inpainting networks are not supported`,
    );
  }
  const sizes = TIME_IDS * (unet.addition_time_embed_dim ?? 0);
  const width = unet.encoder_hid_dim ?? unet.cross_attention_dim;
  return {
    files: { model: 'unet/model.onnx' },
    config: {
      ...scheduler,
      sampleSize: unet.sample_size * scale,
      channels,
      scale,
      multiple: scale * 2 ** (unet.block_out_channels.length - 1),
      conditioningDim: Array.isArray(width) ? width[0] : width,
      ...(unet.projection_class_embeddings_input_dim && {
        pooledDim: unet.projection_class_embeddings_input_dim - sizes,
      }),
      defaultSteps: steps,
      defaultGuidance: guidance,
    },
  };
}

async function readJson<T>(
  path: string,
  schema: z.ZodType<T>,
  reason: 'MANIFEST_INVALID' | 'CONFIG_INVALID' = 'CONFIG_INVALID',
): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BundleError('FILE_MISSING', `The bundle's file ${path} is missing or cannot be read`, cause);
  });
  let content: unknown;
  try {
    // Python writes infinities as no JSON has them; this is how JSON can.
    content = JSON.parse(text.replaceAll(/:(\s*-?)Infinity\b/g, ':$11e999'));
  } catch (cause) {
    throw new BundleError(reason, `${path} is not JSON`, cause);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new BundleError(reason, `${path} cannot be used: ${z.prettifyError(parsed.error)}`);
}

/** True when the file can be read. */
export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
