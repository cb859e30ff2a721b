/** Who signs: a certificate chain and its private key, as files that an operator mounts. */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Read and checked with Node alone: a process is ready to sign before the library that signs is loaded. */
export interface Identity {
  /** The signer's own certificate, then those that vouch for it. */
  readonly chain: Certificates;
  /** Of the first certificate; Ed25519. */
  readonly privateKey: KeyObject;
}

export type Certificates = readonly [X509Certificate, ...X509Certificate[]];

export interface IdentityFiles {
  /** PEM: the signer's certificate, then those that vouch for it; the root may be left out. */
  certificateFile: string;
  /** PEM, PKCS #8: the Ed25519 key of the first certificate. */
  privateKeyFile: string;
}

/**
 * Rejects with an Error that names the file when one is missing, is no PEM, does not fit the other, or holds another kind of
 * key: of the algorithms of C2PA only Ed25519 signs the same bytes the same way twice.
 */
export async function loadIdentity({ certificateFile, privateKeyFile }: IdentityFiles): Promise<Identity> {
  const [chain, key] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(privateKeyFile)]);
  const certificates = readCertificates(chain, certificateFile);
  const privateKey = parsed(privateKeyFile, () => createPrivateKey(key));
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new Error(`${privateKeyFile} holds a key of type ${privateKey.asymmetricKeyType}, not Ed25519`);
  const spki = (publicKey: KeyObject) => publicKey.export({ format: 'der', type: 'spki' });
  if (!spki(certificates[0].publicKey).equals(spki(createPublicKey(privateKey))))
    throw new Error(
      `the key in ${privateKeyFile} is not that of the first certificate in ${certificateFile}`,
    );
  return { chain: certificates, privateKey };
}

/** From one line of dashes to its fellow (RFC 7468, section 2). */
const PEM_BLOCK = /-----BEGIN ([^-]+)-----[^-]+-----END \1-----/g;

/** The certificates of a PEM text, first to last. Throws an Error naming `file` when there is none or one is damaged. */
export function readCertificates(pem: string, file: string): Certificates {
  const [first, ...others] = parsed(file, () =>
    (pem.match(PEM_BLOCK) ?? []).map((block) => new X509Certificate(block)),
  );
  if (!first) throw new Error(`${file} holds no certificate`);
  return [first, ...others];
}

/** Whether each certificate is signed by the next, and the last one by, or is itself, one of the anchors. */
export function isTrusted(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): boolean {
  const signedBy = (one: X509Certificate, other: X509Certificate | undefined): boolean =>
    other?.ca === true && one.checkIssued(other) && one.verify(other.publicKey);
  if (!chain.slice(0, -1).every((link, i) => signedBy(link, chain[i + 1]))) return false;
  const last = chain.at(-1);
  return last !== undefined && anchors.some((root) => last.raw.equals(root.raw) || signedBy(last, root));
}

function parsed<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${file} can't be read as PEM`, { cause });
  }
}
