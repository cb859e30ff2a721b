/** Who made a picture, signed; apart from the watermark, because it loads a library that few processes need. */
export { type Identity, type IdentityFiles, loadIdentity, readCertificates } from './identity.ts';
export { type Credentials, readCredentials } from './read.ts';
export { type Origin, writeCredentials } from './write.ts';
