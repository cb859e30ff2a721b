/** An orchestrator dies at each failpoint in turn; another takes over. Its peers are small and in this process: only it is tried. */
import { FAILPOINTS, type Failpoint } from '@atelier/failpoints';
import {
  addressVariable,
  entryOf,
  freePort,
  SERVICES,
  type ServiceProcess,
  serviceRow,
  spawnService,
  startNats,
} from '@atelier/local-mesh';
import { unavailable } from '@atelier/rpc';
import { type Peers, startPeers } from '../../../services/orchestrator/src/peers.fixture.ts';
import { judge } from '../figures.ts';
import { runLoad } from '../load.ts';
import { neverAllowed, type Scenario } from '../scenario.ts';

/** Not on an orchestrator's way here: quotas need authentication, batches are insights'. */
const ELSEWHERE = /^(counter|batch)\./;
const SHORT: readonly Failpoint[] = ['record.create.after', 'attempt.finish.after', 'job.ack.before'];

export const failpoints: Scenario = {
  name: 'failpoints',
  promise: 'an orchestrator killed at each named failpoint: none lost, none duplicated',
  async run({ short, say }) {
    const names = short ? SHORT : FAILPOINTS.filter((name) => !ELSEWHERE.test(name));
    const nats = await startNats({ url: '' });
    const broken: string[] = [];
    const figures: Record<string, object> = {};
    try {
      for (const [i, name] of names.entries()) {
        const peers = await startPeers();
        // A job is given up only when everything fails.
        if (name.startsWith('job.bury'))
          peers.behaviour.beforeStep = () => {
            throw unavailable('gone');
          };
        try {
          const result = await dieAt(name, i, nats.url, peers);
          figures[name] = result.figures;
          broken.push(...result.broken.map((what) => `${name}: ${what}`));
          say(`${name}: ${result.broken.join(', ') || 'well'}`);
        } finally {
          await peers.close();
        }
      }
      return { figures: { failpoints: names.length, byName: figures }, broken };
    } finally {
      await nats.stop();
    }
  },
};

async function dieAt(name: Failpoint, index: number, natsUrl: string, peers: Peers) {
  const address = `127.0.0.1:${await freePort()}`;
  const start = (more: NodeJS.ProcessEnv): ServiceProcess =>
    spawnService({
      name: 'orchestrator',
      address,
      entry: entryOf(serviceRow('orchestrator')),
      env: {
        ...Object.fromEntries(SERVICES.map((row) => [addressVariable(row.name), peers.address])),
        NATS_URL: natsUrl,
        ATELIER_LOG_LEVEL: 'error',
        ATELIER_TRACE_RATIO: '0',
        ATELIER_ACK_WAIT_MS: '1000',
        ATELIER_MAX_ATTEMPTS: name.startsWith('job.bury') ? '2' : '8',
        ...more,
      },
    });
  const victim = start({ NODE_ENV: 'test', ATELIER_FAILPOINTS: `${name}=crash@1` });
  let heir: ServiceProcess | undefined;
  try {
    await victim.ready();
    const inheriting = victim.exited().then(async () => {
      heir = start({});
      await heir.ready();
    });
    const target = address;
    const load = await runLoad({
      target,
      generations: 4,
      concurrency: 2,
      from: index * 100,
      patienceMs: 60_000,
    });
    const died = heir !== undefined;
    if (died) await inheriting;
    const figures = await judge(load, natsUrl);
    return { figures, broken: [...neverAllowed(figures), ...(died ? [] : ['was not met'])] };
  } finally {
    await victim.stop();
    await heir?.stop();
  }
}
