/** `npm run nats-users -- <folder>`: an NKey for each service, and the nats-server configuration that lets each do what it must. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeNatsUser } from './credentials.ts';
import { NATS_SERVICES, natsConfiguration } from './permissions.ts';

const [folder] = process.argv.slice(2);
if (folder) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const publicKeys: Record<string, string> = {};
  for (const service of NATS_SERVICES) {
    const { seed, publicKey } = makeNatsUser();
    publicKeys[service] = publicKey;
    await writeFile(join(folder, `${service}.seed`), seed, { mode: 0o600 });
  }
  await writeFile(join(folder, 'authorization.conf'), natsConfiguration(publicKeys));
  console.log(`${folder}/authorization.conf: include it in the server's configuration; it holds no secret`);
  console.log(`${folder}/<service>.seed: mount each into its service and tell it in NATS_SEED_FILE`);
} else {
  console.error('usage: npm run nats-users -- <folder>');
  process.exitCode = 2;
}
