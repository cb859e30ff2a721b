/** Small gRPC peers in place of the six services, for tests of what the orchestrator does with their answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DataType,
  DiffusionService,
  type GenerateImageRequest,
  HarmDetectionService,
  type Image,
  ImageFormat,
  type MessageInitShape,
  PromptEnhancementService,
  PromptSafetyService,
  type SafetyVerdictSchema,
  SuperResolutionService,
  TextEncoderService,
} from '@atelier/contracts';
import { bind, createServer, type RpcServer } from '@atelier/rpc';

type Verdict = MessageInitShape<typeof SafetyVerdictSchema>;

/** What the peers do, and what they saw; tests change it as they go. */
export interface Behaviour {
  /** Verdict on a prompt; may throw. */
  judgePrompt: (prompt: string, negativePrompt: string) => Verdict;
  /** Verdict on a picture; may throw. */
  judgeImage: (image: Image | undefined) => Verdict | Promise<Verdict>;
  /** Called before a picture is enlarged; may throw or wait. The signal aborts when nobody wants it any more. */
  beforeUpscale: (signal: AbortSignal) => Promise<void> | void;
  /** Called before each denoising step with its number; may throw or wait. */
  beforeStep: (step: number) => Promise<void> | void;
  /** Called when a denoising stream ends, for whatever reason. */
  onDrawingEnd: (steps: number, finished: boolean) => void;
  /** Pictures drawn to the end. */
  drawn: number;
  /** What was asked of diffusion, first to last. */
  asked: GenerateImageRequest[];
}

const allowed: Verdict = { allowed: true, policyVersion: 'test' };

const model = (role: string) => ({ name: `test/${role}`, version: '1' });
const tensor = { dtype: DataType.FLOAT32, shape: [1], data: new Uint8Array(4) };

/** A grey square whose shade is the seed's last byte. */
const square = (side: number, shade: number) => ({
  width: side,
  height: side,
  format: ImageFormat.RGB8,
  data: new Uint8Array(side * side * 3).fill(shade & 255),
});

export interface Peers {
  behaviour: Behaviour;
  /** Address of the one server that plays all six. */
  address: string;
  close(): Promise<void>;
}

export async function startPeers(address = '127.0.0.1:0'): Promise<Peers> {
  const behaviour: Behaviour = {
    judgePrompt: () => allowed,
    judgeImage: () => allowed,
    beforeUpscale: () => {},
    beforeStep: () => {},
    onDrawingEnd: () => {},
    drawn: 0,
    asked: [],
  };
  const server: RpcServer = createServer({ bindings: bindings(behaviour) });
  const port = await server.listen(address);
  server.setServing(true);
  return { behaviour, address: `127.0.0.1:${port}`, close: () => server.drain(0) };
}

function bindings(behaviour: Behaviour) {
  return [
    bind(PromptSafetyService, {
      classifyPrompt: async ({ prompt, negativePrompt }) => ({
        verdict: behaviour.judgePrompt(prompt, negativePrompt),
      }),
      classifyPrompts: async ({ prompts }) => ({
        verdicts: prompts.map((prompt) => behaviour.judgePrompt(prompt, '')),
      }),
    }),
    bind(PromptEnhancementService, {
      enhancePrompt: async ({ prompt }) => ({
        prompt: `${prompt}, at dawn`,
        additions: [{ text: 'at dawn', offset: [...prompt].length + 2 }],
        modelVersion: model('enhancement'),
      }),
    }),
    bind(TextEncoderService, {
      encodeText: async ({ texts }) => ({
        embeddings: texts.map((text) => ({
          tokens: tensor,
          mask: tensor,
          pooled: tensor,
          unknownConcepts: text.includes('zeppelin') ? ['zeppelin'] : [],
        })),
        modelVersion: model('text-encoder'),
      }),
    }),
    bind(DiffusionService, {
      async *generateImage(request, { signal }) {
        behaviour.asked.push(request);
        const steps = request.steps ?? 4;
        let step = 0;
        let finished = false;
        try {
          while (step < steps) {
            await behaviour.beforeStep(step + 1);
            signal.throwIfAborted();
            step += 1;
            yield { event: { case: 'step' as const, value: { step, steps } } };
            if (request.previewEvery > 0 && step % request.previewEvery === 0) {
              yield { event: { case: 'preview' as const, value: square(64, request.seed) } };
            }
            await sleep(1);
          }
          finished = true;
          behaviour.drawn += 1;
          yield {
            event: {
              case: 'image' as const,
              value: {
                image: square(64, request.seed),
                modelVersion: model('denoiser'),
                steps,
                guidanceScale: request.guidanceScale ?? 2.5,
              },
            },
          };
        } finally {
          behaviour.onDrawingEnd(step, finished);
        }
      },
    }),
    bind(HarmDetectionService, {
      classifyImage: async ({ image }) => ({ verdict: await behaviour.judgeImage(image) }),
    }),
    bind(SuperResolutionService, {
      upscaleImage: async ({ image, targetSize }, { signal }) => {
        await behaviour.beforeUpscale(signal);
        return {
          image: square(targetSize ?? 1_024, image?.data[0] ?? 0),
          modelVersions: [model('super-resolution')],
        };
      },
    }),
  ];
}
