/** Certificates for a mesh that lives for an hour: an authority of its own, made by openssl, whose key dies with the folder. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TlsFiles } from '@atelier/rpc';

const run = promisify(execFile);

export interface ThrowAwayCa {
  /** A certificate with `subjectAltName`, default that of the member `name`; the files are overwritten when asked for again. */
  issue(name: string, subjectAltName?: string): Promise<TlsFiles>;
  /** Remove all keys and certificates. */
  remove(): Promise<void>;
}

const DAYS = '2';

/** Needs the program `openssl`, 3.0 or later. Rejects with an Error that says so. */
export async function createThrowAwayCa(): Promise<ThrowAwayCa> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-ca-'));
  const file = (name: string): string => join(folder, name);
  const caFile = file('ca.pem');
  const make = async (name: string, extensions: string[], signedBy: string[]): Promise<void> => {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      file(`${name}.key`),
    ];
    const more = extensions.flatMap((extension) => ['-addext', extension]);
    const subject = ['-subj', `/O=Atelier/CN=${name}`, '-days', DAYS];
    await run('openssl', [
      'req',
      '-x509',
      ...key,
      '-out',
      file(`${name}.pem`),
      ...subject,
      ...more,
      ...signedBy,
    ]);
  };
  try {
    await make('ca', ['keyUsage=critical,keyCertSign'], []);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new Error('mTLS in a local mesh needs openssl 3 on PATH', { cause });
  }
  return {
    async issue(name, subjectAltName = `URI:spiffe://atelier/${name}`) {
      const extensions = [
        `subjectAltName=${subjectAltName}`,
        'basicConstraints=critical,CA:FALSE',
        'extendedKeyUsage=serverAuth,clientAuth',
      ];
      await make(name, extensions, ['-CA', caFile, '-CAkey', file('ca.key')]);
      return { certificateFile: file(`${name}.pem`), privateKeyFile: file(`${name}.key`), caFile };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What tells a process of the mesh its files. */
export const tlsEnvironment = (files: TlsFiles): Record<string, string> => ({
  ATELIER_TLS_CERTIFICATE_FILE: files.certificateFile,
  ATELIER_TLS_PRIVATE_KEY_FILE: files.privateKeyFile,
  ATELIER_TLS_CA_FILE: files.caFile,
});

/** The same variables, unset. */
export const NO_TLS: NodeJS.ProcessEnv = {
  ATELIER_TLS_CERTIFICATE_FILE: undefined,
  ATELIER_TLS_PRIVATE_KEY_FILE: undefined,
  ATELIER_TLS_CA_FILE: undefined,
};
