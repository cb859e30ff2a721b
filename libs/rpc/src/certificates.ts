/** A process's certificate, key and authority, from mounted files that are replaced under it. */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { experimental } from '@grpc/grpc-js';

type CaListener = experimental.CaCertificateUpdateListener;
type IdentityListener = experimental.IdentityCertificateUpdateListener;

export interface TlsFiles {
  /** PEM: the certificate, with what is between it and the authority. */
  certificateFile: string;
  /** PEM: its private key. */
  privateKeyFile: string;
  /** PEM: the authorities of the mesh. */
  caFile: string;
}

interface Pem {
  certificate: Buffer;
  privateKey: Buffer;
  ca: Buffer;
}

/**
 * The files as grpc-js wants them. Unlike its own provider this one reads before it is used, never hands out a certificate with
 * another one's key (files are replaced one by one), and doesn't keep the process alive.
 */
export class MountedCertificates implements experimental.CertificateProvider {
  readonly #files: TlsFiles;
  readonly #onError: (error: Error) => void;
  readonly #caListeners = new Set<CaListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  readonly #timer: NodeJS.Timeout;
  #pem: Pem;

  /** Throws Error for files that are missing or don't belong together. Later ones are told to `onError` and not used. */
  constructor(files: TlsFiles, refreshMs: number, onError: (error: Error) => void) {
    this.#files = files;
    this.#onError = onError;
    this.#pem = read(files);
    this.#timer = setInterval(() => this.#refresh(), refreshMs).unref();
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#caListeners.add(listener);
    this.#soon(() => listener({ caCertificate: this.#pem.ca }));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#caListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    this.#soon(() => listener(this.#pem));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Listeners add themselves while they are being made. */
  #soon(tell: () => void): void {
    process.nextTick(tell);
  }

  #refresh(): void {
    try {
      const pem = read(this.#files);
      if (same(pem, this.#pem)) return;
      this.#pem = pem;
      for (const listener of this.#caListeners) listener({ caCertificate: pem.ca });
      for (const listener of this.#identityListeners) listener(pem);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#onError(new Error(`the certificate stays as it was: ${why}`));
    }
  }
}

function read({ certificateFile, privateKeyFile, caFile }: TlsFiles): Pem {
  const certificate = readFileSync(certificateFile);
  const privateKey = readFileSync(privateKeyFile);
  const ca = readFileSync(caFile);
  // Throws when they don't belong together.
  createSecureContext({ cert: certificate, key: privateKey, ca });
  return { certificate, privateKey, ca };
}

const same = (a: Pem, b: Pem): boolean =>
  a.certificate.equals(b.certificate) && a.privateKey.equals(b.privateKey) && a.ca.equals(b.ca);
