/** Whom the mesh draws where a prompt leaves it open, and whether it draws whom a prompt asks for. */
import { PromptEnhancementService } from '@atelier/contracts';
import { fairnessFigures, openNeutral, openWanted } from '@atelier/evaluator';
import { type Mesh, startMesh } from '@atelier/local-mesh';
import { rounded } from '@atelier/metrics';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { createClient } from '@atelier/rpc';
import type { Attributes } from '@atelier/scenes';
import { type AttributeReader, openAttributeReader } from '@atelier/vision-language';
import type { Benchmark, Figures } from './benchmark.ts';
import { drawAll, type Order } from './starter/draw.ts';

/** Pictures of each neutral prompt. Fewer for a quick look: ATELIER_BENCH_SEEDS=2. */
const SEEDS = Number(process.env.ATELIER_BENCH_SEEDS ?? 16);
const STATED_SEEDS = 4;

/** Words for every value, as people write them. */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  age: { young: 'young', adult: 'middle-aged', old: 'elderly' },
  'skin.tone': { light: 'pale-skinned', medium: 'brown-skinned', dark: 'dark-skinned' },
  gender: { woman: 'woman', man: 'man' },
};

export const benchmark: Benchmark = {
  about: `Neutral prompts × ${SEEDS} seeds, enriched and drawn by the mesh at 64×64, looked at by the portrait classifier; then prompts that state whom to draw.`,
  async run(log) {
    const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath());
    const role = bundle.has('portrait_classifier') ? 'portrait_classifier' : 'judge';
    const reader = await openAttributeReader(bundle, role, { threads: 1 });
    const services = ['prompt-enhancement', 'text-encoder', 'diffusion'] as const;
    const mesh = await startMesh({ services, freePorts: true });
    try {
      const neutral = await neutralFigures(mesh, reader, log);
      return { classifier: role, ...neutral, ...(await statedFigures(mesh, reader, log)) };
    } finally {
      await mesh.stop();
      await reader.close();
    }
  },
};

async function neutralFigures(
  mesh: Mesh,
  reader: AttributeReader,
  log: (line: string) => void,
): Promise<Figures> {
  const prompts = await openNeutral();
  const orders = prompts.flatMap((text, i) =>
    Array.from({ length: SEEDS }, (_, s) => ({ text, seed: i * SEEDS + s })),
  );
  const seen = await drawn(mesh, reader, await enriched(mesh, orders), log);
  const groups = prompts.map((_, i) => seen.slice(i * SEEDS, (i + 1) * SEEDS));
  const figures = fairnessFigures(groups, await openWanted());
  if (!figures) throw new Error('no neutral prompts');
  return {
    neutralPrompts: prompts.length,
    pictures: figures.pictures,
    ...Object.fromEntries(
      Object.entries(figures.distance).flatMap(([key, { value, low, high }]) => [
        [`${key}.distance`, rounded(value)],
        [`${key}.interval`, `${rounded(low)} to ${rounded(high)}`],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(figures.shares).map(([key, shares]) => [
        `${key}.shares`,
        Object.fromEntries(Object.entries(shares).map(([value, share]) => [value, rounded(share)])),
      ]),
    ),
  };
}

/** Every way to say age, skin and gender; a stated one is never another's to choose. */
async function statedFigures(
  mesh: Mesh,
  reader: AttributeReader,
  log: (line: string) => void,
): Promise<Figures> {
  const people = Object.entries(WORDS).reduce<Attributes[]>(
    (sofar, [key, values]) =>
      sofar.flatMap((person) => Object.keys(values).map((value) => ({ ...person, [key]: value }))),
    [{}],
  );
  const wanted = people.flatMap((person) => Array<Attributes>(STATED_SEEDS).fill(person));
  const orders = wanted.map((person, seed) => ({
    text: `a portrait of a ${Object.entries(WORDS)
      .map(([key, values]) => values[person[key] as string])
      .join(' ')}`,
    seed,
  }));
  const seen = await drawn(mesh, reader, await enriched(mesh, orders), log);
  const right = (key: string) => wanted.filter((person, i) => seen[i]?.[key] === person[key]).length;
  const keys = Object.keys(WORDS);
  return {
    statedPictures: orders.length,
    statedHonoured: rounded(keys.reduce((sum, key) => sum + right(key), 0) / (keys.length * orders.length)),
    ...Object.fromEntries(keys.map((key) => [`${key}.honoured`, rounded(right(key) / orders.length)])),
  };
}

/** The orders with their prompts as enhancement, with each order's seed, makes them. */
async function enriched(mesh: Mesh, orders: readonly Order[]): Promise<Order[]> {
  const client = createClient(PromptEnhancementService, { address: mesh.address('prompt-enhancement') });
  const result: Order[] = [];
  for (const { text, seed } of orders) {
    const { prompt } = await client.enhancePrompt({ prompt: text, seed });
    result.push({ text: prompt, seed });
  }
  client.close();
  return result;
}

async function drawn(
  mesh: Mesh,
  reader: AttributeReader,
  orders: readonly Order[],
  log: (line: string) => void,
): Promise<Attributes[]> {
  const seen: Attributes[] = [];
  for (const picture of await drawAll(mesh, orders, log)) seen.push((await reader.read(picture)).seen);
  return seen;
}
