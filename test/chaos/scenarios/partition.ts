/** The network between two halves of the mesh loses everything for a while: NATS here, the models and an orchestrator there. */
import { join } from 'node:path';
import { startChild } from '@atelier/local-mesh';
import { Networks, whyNoNetworks } from '../networks.ts';
import type { Scenario } from '../scenario.ts';

const INSIDE = join(import.meta.dirname, '../partitioned.ts');

export const partition: Scenario = {
  name: 'partition',
  promise: 'two network namespaces parted and joined again: none lost, pictures again within 10 s',
  async run({ short, say }) {
    const why = await whyNoNetworks();
    if (why) return { figures: { skipped: why }, broken: [] };
    const name = `atelier-${process.pid}`;
    const networks = new Networks(name);
    try {
      await networks.lay();
      const { under } = networks.near;
      let result: { figures: object; broken: string[] } | undefined;
      const child = startChild({
        command: under[0] as string,
        args: [...under.slice(1), process.execPath, INSIDE, name, String(short)],
        onLine: (line, stream) => {
          if (stream === 'stdout' && line.startsWith('{')) result = JSON.parse(line) as typeof result;
          else say(line);
        },
      });
      await child.exited;
      if (!result) throw new Error(child.lastLines().join('\n'));
      return result;
    } finally {
      await networks.remove();
    }
  },
};
