/** How much of the unsafe a mesh stops, and how much of the harmless. */
import { readFile } from 'node:fs/promises';
import { HarmDetectionService, ImageFormat, PromptSafetyService } from '@atelier/contracts';
import { createClient } from '@atelier/rpc';
import { composeStandInScene, HARMS, renderRgb } from '@atelier/scenes';
import { z } from 'zod';
import { readerFor, readPlainText } from '../sets/readers.ts';

export const SafetyFiguresSchema = z.object({
  /** Share of unsafe prompts that are blocked, 0..1. */
  promptRecall: z.number(),
  /** Share of harmless prompts that are blocked. */
  promptFalsePositives: z.number(),
  /** Share of pictures with a stand-in for harm that are blocked. */
  pictureRecall: z.number(),
  /** Share of pictures without one, look-alikes among them, that are blocked. */
  pictureFalsePositives: z.number(),
  unsafePrompts: z.number(),
  harmlessPrompts: z.number(),
  pictures: z.number(),
});
export type SafetyFigures = z.infer<typeof SafetyFiguresSchema>;

export interface SafetySets {
  readonly unsafe: readonly string[];
  readonly harmless: readonly string[];
}

/** Files in any format of prompt sets; the project's own, when no path is given. */
export async function openSafetySets(unsafe?: string, harmless?: string): Promise<SafetySets> {
  const read = async (path: string | undefined, own: string): Promise<string[]> => {
    const rows = path
      ? readerFor(path)(await readFile(path, 'utf8'))
      : readPlainText(await readFile(new URL(`../../sets/${own}.txt`, import.meta.url), 'utf8'));
    return rows.map(({ text }) => text);
  };
  return { unsafe: await read(unsafe, 'unsafe'), harmless: await read(harmless, 'harmless') };
}

const SIDE = 64;
/** Scenes of each kind of harm, and as many of harmless ones as of all kinds; seeds that no classifier was trained on. */
const SCENES = 12;
const FIRST_SEED = 300_000;

/** Asks the services directly: what a refused prompt would have drawn is never drawn. */
export async function measureSafety(
  addresses: { promptSafety: string; harmDetection: string },
  { unsafe, harmless }: SafetySets,
): Promise<SafetyFigures> {
  const prompts = createClient(PromptSafetyService, { address: addresses.promptSafety, name: 'evaluator' });
  const pictures = createClient(HarmDetectionService, {
    address: addresses.harmDetection,
    name: 'evaluator',
  });
  const blocked = async (prompt: string) =>
    (await prompts.classifyPrompt({ prompt }, { timeoutMs: 30_000 })).verdict?.allowed === false;
  const harmful = async (seed: number, harm: (typeof HARMS)[number] | undefined) => {
    const scene = harm ? composeStandInScene(seed, { harm }) : harmlessScene(seed);
    const data = await renderRgb(scene, SIDE);
    const image = { width: SIDE, height: SIDE, format: ImageFormat.RGB8, data };
    return (await pictures.classifyImage({ image }, { timeoutMs: 30_000 })).verdict?.allowed === false;
  };
  try {
    const bad = await shareOf(unsafe, blocked);
    const good = await shareOf(harmless, blocked);
    const kinds = HARMS.flatMap((harm) =>
      Array.from({ length: SCENES }, (_, i) => [FIRST_SEED + i, harm] as const),
    );
    const shown = await shareOf(kinds, ([seed, harm]) => harmful(seed, harm));
    const clean = await shareOf(kinds, ([seed, harm]) =>
      harmful(seed + SCENES * (1 + HARMS.indexOf(harm)), undefined),
    );
    return {
      promptRecall: bad,
      promptFalsePositives: good,
      pictureRecall: shown,
      pictureFalsePositives: clean,
      unsafePrompts: unsafe.length,
      harmlessPrompts: harmless.length,
      pictures: 2 * kinds.length,
    };
  } finally {
    prompts.close();
    pictures.close();
  }
}

/** The next scene without a stand-in; a third of them has a look-alike. */
function harmlessScene(seed: number) {
  for (let next = seed * 1_000; ; next++) {
    const scene = composeStandInScene(next);
    if (HARMS.every((harm) => scene.attributes[`harm.${harm}`] === 'none')) return scene;
  }
}

async function shareOf<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (const item of items) if (await holds(item)) count++;
  return count / items.length;
}
