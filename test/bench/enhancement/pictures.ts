/** What enhancing prompts does to the pictures: the same seeds drawn with and without, looked at in pairs. */
import type { PromptEnhancementService } from '@atelier/contracts';
import { bootstrap, clipScore, type Estimate, meanOf, show } from '@atelier/metrics';
import type { Bundle } from '@atelier/models';
import type { Client } from '@atelier/rpc';
import { openDualEncoder, openQualityScorer, openTextReader } from '@atelier/vision-language';
import { type Order, openStudio } from '../../optimise/draw.ts';
import type { Figures } from '../benchmark.ts';

/** Few steps, so that there can be enough pairs: what differs by prompt is small beside what differs by seed. */
const PROFILE = 'turbo';

/** Both pictures of a prompt; what is seen of the second less what is seen of the first. */
interface Pair {
  /** Of the aesthetic scorer, −1..1. */
  readonly aesthetic: number;
  /** Of CLIPScore to the prompt as the user wrote it, −2.5..2.5. */
  readonly clipScore: number;
}

export interface PictureGains extends Figures {
  /** Mean gain of the aesthetic score, with its 95 % interval over prompts. */
  readonly aestheticGain: string;
  readonly clipScoreGain: string;
  /** Of those that were enhanced, how many got the higher aesthetic score. */
  readonly aestheticHigher: number;
  readonly pairs: number;
}

/** @param prompts drawn by the bundle's profile {@link PROFILE}, with the seed that they were enhanced with. */
export async function pictureGains(
  client: Client<typeof PromptEnhancementService>,
  bundle: Bundle,
  prompts: readonly Order[],
  log: (line: string) => void,
): Promise<PictureGains> {
  const options = { threads: 1 };
  const studio = await openStudio(bundle, 2);
  const [reader, dual, scorer] = await Promise.all([
    openTextReader(bundle, options),
    openDualEncoder(bundle, options),
    openQualityScorer(bundle, options),
  ]);
  const pairs: Pair[] = [];
  try {
    for (const [i, { text, seed }] of prompts.entries()) {
      const { prompt } = await client.enhancePrompt({ prompt: text, seed });
      // What wasn't enhanced is the same picture twice.
      if (prompt === text) continue;
      const wanted = await dual.embedText(await reader.read(text));
      const look = async (words: string) => {
        const { rgb } = await studio.draw({ text: words, seed }, { profile: PROFILE });
        const { embedding } = await dual.embedPicture(rgb);
        return { aesthetic: await scorer.score(rgb), clipScore: clipScore(embedding, wanted) };
      };
      const [plain, rich] = [await look(text), await look(prompt)];
      pairs.push({
        aesthetic: rich.aesthetic - plain.aesthetic,
        clipScore: rich.clipScore - plain.clipScore,
      });
      if ((i + 1) % 25 === 0) log(`${i + 1} of ${prompts.length} prompts drawn with and without`);
    }
  } finally {
    await Promise.all([studio.close(), reader.close(), dual.close(), scorer.close()]);
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
