/** Certificates as C2PA wants them, made here: for development, since nobody else vouches for them. */
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ED25519 = { name: 'Ed25519' };
const YEARS = 10;

/** An authority, whose key is forgotten, and who it vouches for: C2PA takes no signer that vouches for itself. */
export async function makeCertificates(): Promise<{
  leaf: X509Certificate;
  anchor: X509Certificate;
  privateKey: string;
}> {
  const [authority, own] = [await newKeys(), await newKeys()];
  const notBefore = new Date();
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notBefore.getFullYear() + YEARS);
  const common = { notBefore, notAfter, signingAlgorithm: ED25519 };
  const anchor = await X509CertificateGenerator.createSelfSigned(
    {
      ...common,
      name: 'CN=Atelier development authority',
      keys: authority,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
        await SubjectKeyIdentifierExtension.create(authority.publicKey),
      ],
    },
    webcrypto,
  );
  const leaf = await X509CertificateGenerator.create(
    {
      ...common,
      subject: 'CN=Atelier development signer',
      issuer: anchor.subject,
      publicKey: own.publicKey,
      signingKey: authority.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.emailProtection]),
        await AuthorityKeyIdentifierExtension.create(authority.publicKey),
        await SubjectKeyIdentifierExtension.create(own.publicKey),
      ],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
  return { leaf, anchor, privateKey: PemConverter.encode(pkcs8, 'PRIVATE KEY') };
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
