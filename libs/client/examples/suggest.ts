/**
 * Completes a prompt as it is typed, letter by letter, and shows what a refused request looks like.
 *
 *   node libs/client/examples/suggest.ts "A do"
 */
import { createAtelier } from '@atelier/client';
import { codeName, RpcError } from '@atelier/rpc';

const [typed = 'A do'] = process.argv.slice(2);

const atelier = createAtelier();
try {
  for (let length = 1; length <= typed.length; length++) {
    const prefix = typed.slice(0, length);
    const suggestions = await atelier.suggest(prefix, { limit: 3 });
    console.log(`${prefix}: ${suggestions.map(({ text }) => text).join(' | ')}`);
  }
  await atelier.suggest(typed, { limit: 1_000 });
} catch (error) {
  // Every failed call is an RpcError with a code and the fields that were refused.
  const { code, violations } = RpcError.from(error);
  for (const { field, description } of violations) console.log(`${codeName(code)}: ${field} ${description}`);
  if (violations.length === 0) throw error;
} finally {
  atelier.close();
}
