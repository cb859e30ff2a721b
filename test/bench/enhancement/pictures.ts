/** What enhancing prompts does to the pictures: the same seeds drawn with and without, looked at in pairs. */
import type { PromptEnhancementService } from '@atelier/contracts';
import { bootstrap, type Estimate, meanOf, show } from '@atelier/metrics';
import type { Bundle } from '@atelier/models';
import type { Client } from '@atelier/rpc';
import { type Opinion, openCritic } from '../../optimise/critic.ts';
import type { Order } from '../../optimise/draw.ts';
import type { Figures } from '../benchmark.ts';

/** What is seen of the second picture of a prompt less what is seen of the first. */
type Pair = Opinion;

export interface PictureGains extends Figures {
  /** Mean gain of the aesthetic score, with its 95 % interval over prompts. */
  readonly aestheticGain: string;
  readonly clipScoreGain: string;
  /** Of those that were enhanced, how many got the higher aesthetic score. */
  readonly aestheticHigher: number;
  readonly pairs: number;
}

/** @param prompts drawn with the seed that they were enhanced with. */
export async function pictureGains(
  client: Client<typeof PromptEnhancementService>,
  bundle: Bundle,
  prompts: readonly Order[],
  log: (line: string) => void,
): Promise<PictureGains> {
  const critic = await openCritic(bundle, 2);
  const pairs: Pair[] = [];
  try {
    for (const [i, { text, seed }] of prompts.entries()) {
      const { prompt } = await client.enhancePrompt({ prompt: text, seed });
      // What wasn't enhanced is the same picture twice.
      if (prompt === text) continue;
      const plain = await critic.judge(text, seed, text);
      const rich = await critic.judge(prompt, seed, text);
      pairs.push({
        aesthetic: rich.aesthetic - plain.aesthetic,
        clipScore: rich.clipScore - plain.clipScore,
      });
      if ((i + 1) % 25 === 0) log(`${i + 1} of ${prompts.length} prompts drawn with and without`);
    }
  } finally {
    await critic.close();
  }
  return {
    aestheticGain: show(gain(pairs, 'aesthetic'), 4),
    clipScoreGain: show(gain(pairs, 'clipScore'), 4),
    aestheticHigher: pairs.filter(({ aesthetic }) => aesthetic > 0).length,
    pairs: pairs.length,
  };
}

const gain = (pairs: readonly Pair[], what: keyof Pair): Estimate =>
  bootstrap(pairs.length, (places) => meanOf(places.map((place) => (pairs[place] as Pair)[what])));
