/** The files of mTLS, from the settings of a process. */
import type { TlsFiles } from '@atelier/rpc';
import type { ProcessConfig } from './process-config.ts';

type Settings = Partial<Pick<ProcessConfig, 'tlsCertificateFile' | 'tlsPrivateKeyFile' | 'tlsCaFile'>>;

/** Undefined when none is set: plaintext. Throws Error when some are: half a configuration must not mean no protection. */
export function tlsFiles(settings: Settings): TlsFiles | undefined {
  const { tlsCertificateFile, tlsPrivateKeyFile, tlsCaFile } = settings;
  if (tlsCertificateFile && tlsPrivateKeyFile && tlsCaFile) {
    return { certificateFile: tlsCertificateFile, privateKeyFile: tlsPrivateKeyFile, caFile: tlsCaFile };
  }
  if (tlsCertificateFile || tlsPrivateKeyFile || tlsCaFile) {
    throw new Error(
      'ATELIER_TLS_CERTIFICATE_FILE, ATELIER_TLS_PRIVATE_KEY_FILE and ATELIER_TLS_CA_FILE go together',
    );
  }
  return undefined;
}
