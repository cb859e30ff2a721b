/** `atelier verify <picture>`: who says that they made it, with what, and whether that holds. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { localIdentity } from '@atelier/local-mesh';
import { type Credentials, readCertificates, readCredentials } from '@atelier/provenance/credentials';
import { UsageError } from './options.ts';

export const VERIFY_USAGE = `Usage: npm run verify -- <picture.png> [options]

  --trust <file>      certificates, PEM, of who is believed; default: this checkout's own development authority
  --json              one line of JSON on standard output

Exit status: 0 the credentials hold and their signer is believed, 1 not, 2 wrong use.`;

/** Prints what it finds. Rejects with UsageError, or an Error when a file can't be read or the picture is no PNG. */
export async function verify(args: readonly string[], cwd: string): Promise<boolean> {
  const { file, trust, json } = readArguments(args);
  const anchorFile = trust === undefined ? (await localIdentity()).anchorFile : resolve(cwd, trust);
  const anchors = readCertificates(await readFile(anchorFile, 'utf8'), anchorFile);
  const credentials = await readCredentials(await readFile(resolve(cwd, file)), anchors);
  console.log(json ? JSON.stringify(credentials) : describe(credentials).join('\n'));
  return credentials?.trusted ?? false;
}

function readArguments(args: readonly string[]): { file: string; trust: string | undefined; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { trust: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new Error('one picture to verify, please');
    return { file, trust: values.trust, json: values.json };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function describe(credentials: Credentials | null): string[] {
  if (!credentials) return ['no content credentials: nothing is known of where it comes from'];
  const { claim, problems, valid, trusted } = credentials;
  const verdict = trusted
    ? 'holds, and its signer is believed'
    : valid
      ? 'holds, but its signer is nobody who is believed here'
      : `does NOT hold: ${problems.join(', ')}`;
  const yesNo = (value: boolean): string => (value ? 'yes' : 'no');
  const rows = claim
    ? [
        ['made by', claim.generator],
        ['how', claim.source],
        ['signed by', claim.signer],
        ['models', claim.models.join(', ')],
        ['prompt enhanced', yesNo(claim.promptEnhanced)],
        [
          'people chosen',
          `${yesNo(claim.demographicsChosen)} (age, gender or skin tone that the prompt left open)`,
        ],
      ]
    : [];
  return [['credentials', verdict], ...rows].map(([name = '', value]) => `${name.padEnd(16)} ${value}`);
}
