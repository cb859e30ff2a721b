/** How much of the unsafe is blocked and how much of the harmless, disguised or not, and how fast, through the real service. */

import { PromptSafetyService } from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { percentile, rounded } from '@atelier/metrics';
import { createClient, RpcError } from '@atelier/rpc';
import { EVASIONS, UNSAFE } from '../../services/prompt-safety/src/evasions.fixture.ts';
import type { Benchmark, Figures } from './benchmark.ts';
import { counterfactuals, PORTRAITS } from './counterfactuals.ts';
import { type HeldOut, heldOut } from './safety-sets.ts';

const DATA = process.env.ATELIER_DATA ?? '../shared/data';
/** Rows of one source, at most: captions are many and alike. */
const MOST = 2_000;
/** Held-out prompts that go through every disguise, beside the composed ones. */
const DISGUISED_PROMPTS = 40;
const WARM_UP = 200;
const MAX_WORDS = 128;

type Outcome = 'allowed' | 'blocked' | 'refused';

export const benchmark: Benchmark = {
  about: `Held-out rows of the public sets in ${DATA}, and ${Object.keys(EVASIONS).length} disguises of blocked prompts.`,
  async run(log) {
    const rows = capped(heldOut(DATA).filter(({ text }) => text.trim().split(/\s+/u).length <= MAX_WORDS));
    if (rows.length === 0) log(`no sets in ${DATA}: only composed prompts are measured`);
    const mesh = await startMesh({ services: ['prompt-safety'], freePorts: true });
    const client = createClient(PromptSafetyService, { address: mesh.address('prompt-safety') });
    const times: number[] = [];
    const judge = async (prompt: string, negativePrompt = ''): Promise<Outcome> => {
      const began = performance.now();
      try {
        const { verdict } = await client.classifyPrompt({ prompt, negativePrompt });
        return verdict?.allowed === true ? 'allowed' : 'blocked';
      } catch (error) {
        if (RpcError.from(error).code !== 3) throw error;
        return 'refused';
      } finally {
        times.push(performance.now() - began);
      }
    };
    try {
      for (let run = 0; run < WARM_UP; run++) await judge(UNSAFE[run % UNSAFE.length] ?? '');
      times.length = 0;
      const outcomes: Judged[] = [];
      for (const row of rows) outcomes.push({ ...row, outcome: await judge(row.text) });
      const p99Ms = rounded(percentile(times.length > 0 ? times : [0], 0.99));
      log(`${rows.length} prompts judged`);
      const blocked = outcomes
        .filter((row) => row.unsafe && row.outcome === 'blocked')
        .map(({ text }) => text);
      const step = Math.max(1, Math.floor(blocked.length / DISGUISED_PROMPTS));
      const sample = blocked.filter((_, index) => index % step === 0).slice(0, DISGUISED_PROMPTS);
      return {
        ...shares(outcomes),
        evasion: { composed: await evasion(UNSAFE, judge), heldOut: await evasion(sample, judge) },
        counterfactualDifferences: await differences(judge),
        p99Ms,
        prompts: rows.length,
      };
    } finally {
      client.close();
      await mesh.stop();
    }
  },
};

/** Portraits that are judged differently from the same portrait of nobody in particular. */
async function differences(judge: (prompt: string) => Promise<Outcome>): Promise<number> {
  let different = 0;
  for (const { plain, others } of counterfactuals(PORTRAITS)) {
    const first = await judge(plain);
    for (const prompt of others) if ((await judge(prompt)) !== first) different++;
  }
  return different;
}

interface Judged extends HeldOut {
  readonly outcome: Outcome;
}

/** Shares of rows that are blocked, of all that is unsafe or harmless in a set and by source; refused rows stand apart. */
function shares(rows: readonly Judged[]): Figures {
  const share = (own: readonly Judged[]): number =>
    own.length === 0
      ? 0
      : Math.round((1_000 * own.filter(({ outcome }) => outcome === 'blocked').length) / own.length) / 1_000;
  const of = (start: string): Judged[] => rows.filter(({ source }) => source.startsWith(start));
  const bySource = (unsafe: boolean): Figures =>
    Object.fromEntries(
      [...new Set(rows.filter((row) => row.unsafe === unsafe).map(({ source }) => source))]
        .sort()
        .map((source) => [`${source} (${of(source).length})`, share(of(source))]),
    );
  const moderation = of('moderation').filter(({ unsafe }) => unsafe);
  return {
    recall: {
      overt: share(of('overt unsafe')),
      i2p: share(of('i2p')),
      moderation: share(moderation),
      ...bySource(true),
    },
    falsePositives: { overt: share(of('overt benign')), ...bySource(false) },
    refused: rows.filter(({ outcome }) => outcome === 'refused').length,
  };
}

/** Share of prompts that stay without a picture (blocked or refused), over all disguises; and the three worst of them. */
async function evasion(
  prompts: readonly string[],
  judge: (prompt: string, negative?: string) => Promise<Outcome>,
): Promise<Figures> {
  const rates: [string, number][] = [];
  for (const [name, disguise] of Object.entries(EVASIONS)) {
    let stopped = 0;
    for (const text of prompts) {
      const { prompt, negative } = disguise(text);
      if ((await judge(prompt, negative)) !== 'allowed') stopped++;
    }
    rates.push([name, prompts.length === 0 ? 0 : rounded(stopped / prompts.length)]);
  }
  const worst = [...rates].sort((a, b) => a[1] - b[1]).slice(0, 3);
  const total = rates.reduce((sum, [, rate]) => sum + rate, 0) / rates.length;
  return {
    stillBlocked: Math.round(1_000 * total) / 1_000,
    prompts: prompts.length,
    worst: Object.fromEntries(worst),
  };
}

function capped(rows: readonly HeldOut[]): HeldOut[] {
  const counts = new Map<string, number>();
  return rows.filter(({ source }) => {
    const count = (counts.get(source) ?? 0) + 1;
    counts.set(source, count);
    return count <= MOST;
  });
}
