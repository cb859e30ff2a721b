/**
 * Draws a picture, then variations of it: the picture goes in as `initImage`, `strength` says how much may change.
 *
 *   node libs/client/examples/variations.ts "A tree in a meadow" variations/
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CreateGeneration, createAtelier } from '@atelier/client';

const [prompt = 'A tree in a meadow', folder = 'variations'] = process.argv.slice(2);

const atelier = createAtelier();

/** The pictures of one generation as PNG bytes. @throws Error when there are none. */
async function pictures(request: CreateGeneration): Promise<Uint8Array[]> {
  const { result } = await atelier.generate(request);
  if (result.case !== 'images') throw new Error(`no pictures: ${result.case ?? 'cancelled'}`);
  return result.value.images.flatMap(({ content }) =>
    content.case === 'inline' ? [content.value.data] : [],
  );
}

try {
  await mkdir(folder, { recursive: true });
  const [original] = await pictures({ prompt, size: 256, seed: 3, enhance: false });
  if (!original) throw new Error('the picture came by reference');
  await writeFile(join(folder, 'original.png'), original);
  const options = { initImage: original, strength: 0.6 };
  const variations = await pictures({ prompt, size: 256, seed: 100, count: 2, enhance: false, options });
  for (const [index, png] of variations.entries()) {
    const file = join(folder, `variation-${index}.png`);
    await writeFile(file, png);
    console.log(file);
  }
} finally {
  atelier.close();
}
