/** `npm run key -- <tenant> [name]`: a new API key, shown once, and the row of the keys file that makes it work. */
import { makeApiKey } from './api-keys.ts';
import { isTenant } from './principal.ts';

const [tenant, id = `${tenant}-${new Date().toISOString().slice(0, 10)}`] = process.argv.slice(2);
if (isTenant(tenant)) {
  const { key, row } = makeApiKey(id, tenant);
  console.error('The key, to be sent as "authorization: Bearer …"; it can not be shown again:');
  console.log(key);
  console.error('Its row for "keys" in the file of ATELIER_API_KEYS_FILE:');
  console.log(JSON.stringify(row));
} else {
  console.error('usage: npm run key -- <tenant, 1 to 64 characters of [a-z0-9-]> [name of the key]');
  process.exitCode = 2;
}
