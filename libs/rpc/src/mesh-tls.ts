/**
 * mTLS inside the mesh: both ends prove who they are by one URI in their certificates, "spiffe://atelier/<member>", whatever address
 * they are reached at. Once `useMeshTls` was called no server or client of the process is made without it.
 */
import type { PeerCertificate } from 'node:tls';
import {
  type ChannelCredentials,
  credentials,
  experimental,
  ServerCredentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { allowList, mayCall } from './allow-list.ts';
import { MountedCertificates, type TlsFiles } from './certificates.ts';
import { Code } from './code.ts';
import { RpcError } from './rpc-error.ts';

export interface MeshTlsOptions {
  /** How often the files are looked at, milliseconds; default 5,000. */
  refreshMs?: number;
  /** Told of replacements that can't be used. */
  onError?: (error: Error) => void;
}

/** One member's side of mTLS. */
export interface MeshTls {
  server(): ServerCredentials;
  /** For calls to the server of an RPC service, or of any member for "". */
  client(service: string): ChannelCredentials;
  close(): void;
}

const TRUST_DOMAIN = 'spiffe://atelier/';

/** The member that a certificate names, if it names exactly one. */
export function memberOf(
  certificate: Pick<PeerCertificate, 'subjectaltname'> | undefined,
): string | undefined {
  const uris = (certificate?.subjectaltname ?? '')
    .split(', ')
    .filter((name) => name.startsWith(`URI:${TRUST_DOMAIN}`))
    .map((name) => name.slice(`URI:${TRUST_DOMAIN}`.length));
  return uris.length === 1 && /^[a-z-]+$/.test(uris[0] ?? '') ? uris[0] : undefined;
}

/** Throws Error for files that are missing or don't belong together. */
export function openMeshTls(files: TlsFiles, options: MeshTlsOptions = {}): MeshTls {
  const { refreshMs = 5_000, onError = () => {} } = options;
  const certificates = new MountedCertificates(files, refreshMs, onError);
  const expecting = new Map<string, ChannelCredentials>();
  return {
    server: () => experimental.createCertificateProviderServerCredentials(certificates, certificates, true),
    client(service) {
      // The same object for the same service: grpc-js shares connections by it.
      let found = expecting.get(service);
      if (!found) {
        const checkServerIdentity = (_host: string, certificate: PeerCertificate) =>
          identityError(service, memberOf(certificate));
        const verify = { checkServerIdentity };
        found = experimental.createCertificateProviderChannelCredentials(certificates, certificates, verify);
        expecting.set(service, found);
      }
      return found;
    },
    close: () => certificates.close(),
  };
}

/** What is wrong with who answered: the authority has vouched for the certificate, this is about its name. */
function identityError(service: string, member: string | undefined): Error | undefined {
  const expected = service === '' ? member : allowList[service]?.servedBy;
  if (member !== undefined && member === expected) return undefined;
  return new Error(`${member ?? 'a stranger'} answers for ${expected ?? (service || 'the mesh')}`);
}

let ours: MeshTls | undefined;

/** Use mTLS for every server and client that this process makes from now on; undefined: plaintext. Throws like `openMeshTls`. */
export function useMeshTls(files: TlsFiles | undefined, options: MeshTlsOptions = {}): void {
  ours?.close();
  ours = files && openMeshTls(files, options);
}

export const serverCredentials = (tls: MeshTls | undefined = ours): ServerCredentials =>
  tls?.server() ?? ServerCredentials.createInsecure();

/** Credentials for calls to the server of `service`, or of any member for "". */
export const channelCredentials = (service: string, tls: MeshTls | undefined = ours): ChannelCredentials =>
  tls?.client(service) ?? credentials.createInsecure();

/** Throws RpcError PERMISSION_DENIED for a caller that the table doesn't let call `service`; plaintext is not asked. */
export function checkCaller(
  call: Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>,
  service: string,
): void {
  const { transportSecurityType, sslPeerCertificate } = call.getAuthContext();
  if (transportSecurityType === undefined) return;
  const caller = memberOf(sslPeerCertificate);
  if (mayCall(caller, service)) return;
  throw new RpcError(Code.PERMISSION_DENIED, `${caller ?? 'a stranger'} may not call ${service}`, {
    reason: 'CALLER_NOT_ALLOWED',
  });
}
