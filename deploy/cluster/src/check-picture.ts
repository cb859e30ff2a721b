/** Whether a generation brought a picture worth the name. */
import { createHash } from 'node:crypto';
import { type Generation, GenerationState } from '@atelier/contracts';
import sharp from 'sharp';

/** Standard deviation of the liveliest channel below which a picture counts as empty, of 255. */
const LEAST_DEVIATION = 4;

/** What is wrong with the generation's pictures, one line each; nothing when all is well. Never quotes the prompt. */
export async function checkPicture(generation: Generation, size: number): Promise<string[]> {
  const state = Object.entries(GenerationState).find(([, value]) => value === generation.state)?.[0];
  if (generation.state !== GenerationState.SUCCEEDED || generation.result.case !== 'images')
    return [`the generation ended ${state}`];
  const { images } = generation.result.value;
  if (images.length === 0) return ['no picture'];
  const problems: string[] = [];
  for (const [i, image] of images.entries()) {
    const say = (problem: string) => problems.push(`picture ${i}: ${problem}`);
    if (!image.verdict?.allowed) say('harm-detection did not allow it');
    if (image.content.case !== 'inline') {
      say('is not inline');
      continue;
    }
    const png = image.content.value.data;
    if (createHash('sha256').update(png).digest('hex') !== image.sha256) say('its SHA-256 is another');
    try {
      const { channels } = await sharp(png).stats();
      const { width, height, format } = await sharp(png).metadata();
      if (format !== 'png' || width !== size || height !== size)
        say(`is ${format} of ${width} × ${height}, not png of ${size} × ${size}`);
      if (Math.max(...channels.map(({ stdev }) => stdev)) < LEAST_DEVIATION) say('is one flat colour');
    } catch {
      say('cannot be decoded');
    }
  }
  return problems;
}
