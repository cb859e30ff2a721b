/** Who signs: a certificate chain and its private key, as files that an operator mounts. */
import { createPrivateKey, createPublicKey, X509Certificate as NodeCertificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PemConverter, X509Certificate } from '@peculiar/x509';
import { CoseAlgorithmIdentifier, LocalSigner, type Signer } from '@trustnxt/c2pa-ts/cose';

export type Identity = Signer;

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
  const [leaf, ...others] = readCertificates(chain, certificateFile);
  const privateKey = parsed(privateKeyFile, () => createPrivateKey(key));
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new Error(`${privateKeyFile} holds a key of type ${privateKey.asymmetricKeyType}, not Ed25519`);
  const own = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  if (!own.equals(Buffer.from(leaf.publicKey.rawData)))
    throw new Error(
      `the key in ${privateKeyFile} is not that of the first certificate in ${certificateFile}`,
    );
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  return new LocalSigner(new Uint8Array(pkcs8), CoseAlgorithmIdentifier.Ed25519, leaf, others);
}

/** The certificates of a PEM text, first to last. Throws an Error naming `file` when there is none or one is damaged. */
export function readCertificates(pem: string, file: string): [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = parsed(file, () =>
    PemConverter.decode(pem).map((bytes) => new X509Certificate(bytes)),
  );
  if (!first) throw new Error(`${file} holds no certificate`);
  return [first, ...others];
}

/** Whether each certificate is signed by the next, and the last one by, or is itself, one of the anchors. */
export function isTrusted(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): boolean {
  const [links, roots] = [chain, anchors].map((list) =>
    list.map(({ rawData }) => new NodeCertificate(Buffer.from(rawData))),
  ) as [NodeCertificate[], NodeCertificate[]];
  const signedBy = (one: NodeCertificate, other: NodeCertificate | undefined): boolean =>
    other?.ca === true && one.checkIssued(other) && one.verify(other.publicKey);
  if (!links.slice(0, -1).every((link, i) => signedBy(link, links[i + 1]))) return false;
  const last = links.at(-1);
  return last !== undefined && roots.some((root) => last.raw.equals(root.raw) || signedBy(last, root));
}

function parsed<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${file} can't be read as PEM`, { cause });
  }
}
