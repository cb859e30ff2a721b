/** Draws pictures at an orchestrator's address until its parent says stop, then says how many. */
import { createAtelier } from '@atelier/client';

const atelier = createAtelier({ address: process.argv[2] ?? '' });
let stopped = false;
process.once('message', () => {
  stopped = true;
});
let drawn = 0;
for (; !stopped; drawn++)
  await atelier.generate({ prompt: 'a red boat on a calm sea at dusk', seed: drawn }, { previews: false });
atelier.close();
process.send?.(drawn, () => process.disconnect());
