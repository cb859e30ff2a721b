/** Things asked for together are drawn together, each of its own colour: judged by a network that shares nothing with what drew them. */
import { startMesh } from '@atelier/local-mesh';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { shareSeen } from '@atelier/scenes';
import { openJudge } from '@atelier/vision-language';
import { expect, test } from 'vitest';
import { drawAll } from './bench/starter/draw.ts';

/** Written by hand, with what each states. */
const ASKED = {
  'A dog on a beach': { 'subject1.kind': 'dog', place: 'beach' },
  'A red car in the desert': { 'subject1.kind': 'car', 'subject1.colour': 'red', place: 'desert' },
  'A black cat on a city street at night': {
    'subject1.kind': 'cat',
    'subject1.colour': 'black',
    time: 'night',
  },
  'A white horse in front of mountains': {
    'subject1.kind': 'horse',
    'subject1.colour': 'white',
    place: 'mountains',
  },
  'A house by a lake at sunset': { 'subject1.kind': 'house', place: 'lake', time: 'sunset' },
  'A lighthouse on a meadow': { 'subject1.kind': 'lighthouse', place: 'meadow' },
  'A cat and a dog': { 'subject1.kind': 'cat', 'subject2.kind': 'dog' },
  'A red house and a blue car': {
    'subject1.kind': 'house',
    'subject1.colour': 'red',
    'subject2.kind': 'car',
    'subject2.colour': 'blue',
  },
  'A black dog in front of a lighthouse': {
    'subject1.kind': 'dog',
    'subject1.colour': 'black',
    'subject2.kind': 'lighthouse',
  },
  'A camel in front of a pyramid': { 'subject1.kind': 'camel', 'subject2.kind': 'pyramid', place: 'desert' },
} as const;
const SEEDS = [1, 2];

const bundle = await openBundle(process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath(), { roles: [] });

test.skipIf(!bundle.has('judge'))(
  'two subjects, and subjects where one hardly expects them, are seen in most of what was drawn for them',
  { timeout: 180_000 },
  async () => {
    const mesh = await startMesh({ services: ['text-encoder', 'diffusion'], freePorts: true });
    const judge = await openJudge(bundle);
    try {
      const orders = Object.entries(ASKED).flatMap(([text, stated]) =>
        SEEDS.map((seed) => ({ text, seed, stated })),
      );
      const pictures = await drawAll(mesh, orders, () => {});
      const shares: Record<string, number> = {};
      for (const [i, { text, seed, stated }] of orders.entries()) {
        const { seen } = await judge.judge(pictures[i] as Uint8Array);
        shares[`${text}, seed ${seed}`] = shareSeen(stated, seen);
      }
      const values = Object.values(shares);
      const mean = values.reduce((sum, share) => sum + share, 0) / values.length;
      expect(mean, JSON.stringify(shares, null, 1)).toBeGreaterThan(0.85);
    } finally {
      await judge.close();
      await mesh.stop();
    }
  },
);
