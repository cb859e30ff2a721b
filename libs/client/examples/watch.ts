/**
 * Follows a generation while it is drawn: stages, steps, and previews as files. The watch survives a replica that goes away.
 *
 *   node libs/client/examples/watch.ts "A red house on a hill at night" previews/
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAtelier } from '@atelier/client';

const [prompt = 'A red house on a hill at night', folder = 'previews'] = process.argv.slice(2);

await mkdir(folder, { recursive: true });
const atelier = createAtelier();
try {
  // Creating answers at once; the request_id makes a repeated call get the same generation.
  const { id } = await atelier.createGeneration({ prompt, size: 256, requestId: `watch-${Date.now()}` });
  for await (const event of atelier.watch(id)) {
    switch (event.case) {
      case 'stageStarted':
        console.log(`${event.value.name} …`);
        break;
      case 'progress':
        console.log(`step ${event.value.step} of ${event.value.steps}`);
        break;
      case 'preview': {
        const { image, imageIndex, step } = event.value;
        const file = join(folder, `${imageIndex}-step-${step}.png`);
        if (image) await writeFile(file, image.data);
        console.log(file);
        break;
      }
      case 'finished':
        console.log(`finished: ${event.value.result.case}`);
        break;
      default: // the snapshot that every watch begins with, and ends of stages
        break;
    }
  }
} finally {
  atelier.close();
}
