/**
 * The shortest way from a prompt to a picture.
 *
 *   node libs/client/examples/generate.ts "A boat on an ocean" boat.png
 */
import { writeFile } from 'node:fs/promises';
import { createAtelier } from '@atelier/client';

const [prompt = 'A boat on an ocean', file = 'boat.png'] = process.argv.slice(2);

const atelier = createAtelier();
try {
  const { result, seed } = await atelier.generate({ prompt, seed: 7 });
  switch (result.case) {
    case 'images': {
      const [image] = result.value.images;
      if (image?.content.case !== 'inline') throw new Error('the picture came by reference');
      await writeFile(file, image.content.value.data);
      console.log(`${file}: ${image.width} × ${image.height}, seed ${seed}`);
      break;
    }
    case 'verdict': // a blocked prompt is an answer, not an error
      console.log(`blocked: score ${result.value.score} reached ${result.value.threshold}`);
      break;
    case 'error':
      console.log(`failed: ${result.value.message}`);
      break;
    default:
      console.log('cancelled');
  }
} finally {
  atelier.close();
}
