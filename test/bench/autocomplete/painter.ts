/** Draws pictures at an orchestrator's address; says so after the first, and how many when its parent says stop. */
import os from 'node:os';
import { createAtelier } from '@atelier/client';

os.setPriority(10); // elsewhere it would take none of the mesh's cores

const atelier = createAtelier({ address: process.argv[2] ?? '' });
let stopped = false;
process.once('message', () => {
  stopped = true;
});
let drawn = 0;
for (; !stopped; drawn++) {
  await atelier.generate({ prompt: 'a red boat on a calm sea at dusk', seed: drawn }, { previews: false });
  if (drawn === 0) process.send?.('drawing');
}
atelier.close();
process.send?.(drawn, () => process.disconnect());
