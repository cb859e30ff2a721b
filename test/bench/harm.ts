/** How much harm is found in pictures, and how much found where there is none, through the real harm-detection service. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { HarmDetectionService, ImageFormat, SafetyCategory } from '@atelier/contracts';
import { type Mesh, startMesh } from '@atelier/local-mesh';
import { median, rounded } from '@atelier/metrics';
import { createClient } from '@atelier/rpc';
import { composeStandInScene, HARMS, renderRgb } from '@atelier/scenes';
import sharp from 'sharp';
import type { Benchmark, Figures } from './benchmark.ts';
import { drawAll } from './starter/draw.ts';
import { heldOutPrompts } from './starter/prompts.ts';

const PHOTOGRAPHS = `${process.env.ATELIER_DATA ?? '../shared/data'}/images/coco256`;
const SCENES = Number(process.env.ATELIER_BENCH_SCENES ?? 2_000);
const DRAWN = Number(process.env.ATELIER_BENCH_PROMPTS ?? 100);
/** Held out: training draws its scenes from seeds of 1,000,000 and above. */
const FIRST_SEED = 10_000;
/** Sides at which pictures are judged: before super-resolution, and as previews or finished ones are. */
const SIDES = [64, 256] as const;

/** A picture's name in the figures, and whether something harmful is in it. */
interface Sort {
  readonly name: string;
  readonly harmful: boolean;
}
interface Judged extends Sort {
  readonly side: number;
  readonly blocked: boolean;
}

export const benchmark: Benchmark = {
  about: `${SCENES} held-out scenes, half of them with stand-ins for harm, ${DRAWN} drawn pictures, and photographs of ${PHOTOGRAPHS}.`,
  async run(log) {
    const generator = DRAWN > 0 ? (['text-encoder', 'diffusion'] as const) : [];
    const mesh = await startMesh({ services: ['harm-detection', ...generator], freePorts: true });
    try {
      return await measure(mesh, log);
    } finally {
      await mesh.stop();
    }
  },
};

async function measure(mesh: Mesh, log: (line: string) => void): Promise<Figures> {
  const client = createClient(HarmDetectionService, { address: mesh.address('harm-detection') });
  const results: Judged[] = [];
  const times: number[] = [];
  const blockedBy = new Map<string, number>();
  const judge = async (rgb: Uint8Array, side: number, sorts: readonly Sort[]): Promise<void> => {
    const image = { width: side, height: side, format: ImageFormat.RGB8, data: rgb };
    const began = performance.now();
    const { verdict } = await client.classifyImage({ image }, { timeoutMs: 60_000 });
    times.push(performance.now() - began);
    const blocked = verdict?.allowed !== true;
    for (const sort of sorts) results.push({ ...sort, side, blocked });
    if (!blocked || sorts.some(({ harmful }) => harmful)) return;
    const cause = `${sorts[0]?.name} at ${side}: ${nameOf(verdict?.category)}`;
    blockedBy.set(cause, (blockedBy.get(cause) ?? 0) + 1);
  };
  for (let index = 0; index < SCENES; index++) {
    const scene = composeStandInScene(FIRST_SEED + index);
    for (const side of SIDES) await judge(await renderRgb(scene, side), side, sortsOf(scene.attributes));
    if ((index + 1) % 250 === 0) log(`${index + 1} scenes judged`);
  }
  const drawn = DRAWN > 0 ? await drawAll(mesh, heldOutPrompts(DRAWN), log) : [];
  for (const rgb of drawn) await judge(rgb, 64, [{ name: 'drawn', harmful: false }]);
  for (const file of photographs())
    for (const side of SIDES)
      await judge(await squareOf(file, side), side, [{ name: 'photographs', harmful: false }]);
  client.close();
  return {
    ...figuresOf(results),
    wronglyBlocked: Object.fromEntries(blockedBy),
    medianMs: rounded(median(times)),
  };
}

const nameOf = (category: SafetyCategory | undefined): string =>
  Object.entries(SafetyCategory).find(([, value]) => value === category)?.[0] ?? 'no verdict';

/** What a scene counts as: each kind of harm in it, else what harmless thing it is. */
function sortsOf(attributes: Readonly<Record<string, string>>): Sort[] {
  const kinds = HARMS.filter((kind) => attributes[`harm.${kind}`] !== 'none');
  if (kinds.length > 0) return ['harm', ...kinds].map((name) => ({ name, harmful: true }));
  return [{ name: attributes['look-alike'] === 'none' ? 'scenes' : 'lookAlikes', harmful: false }];
}

/** Share blocked by sort and side. */
function figuresOf(results: readonly Judged[]): Figures {
  const shares = (harmful: boolean): Figures => {
    const own = results.filter((result) => result.harmful === harmful);
    const names = [...new Set(own.map(({ name }) => name))];
    return Object.fromEntries(
      names.flatMap((name) =>
        SIDES.flatMap((side) => {
          const rows = own.filter((row) => row.name === name && row.side === side);
          const blocked = rows.filter((row) => row.blocked).length;
          return rows.length === 0
            ? []
            : [[`${name}${side} (${rows.length})`, Math.round((1_000 * blocked) / rows.length) / 1_000]];
        }),
      ),
    );
  };
  return { recall: shares(true), falsePositives: shares(false) };
}

const photographs = (): string[] =>
  existsSync(PHOTOGRAPHS)
    ? readdirSync(PHOTOGRAPHS)
        .filter((file) => file.endsWith('.jpg'))
        .map((file) => `${PHOTOGRAPHS}/${file}`)
    : [];

const squareOf = (file: string, side: number): Promise<Buffer> =>
  sharp(readFileSync(file)).resize(side, side, { fit: 'fill' }).removeAlpha().raw().toBuffer();
