/** Who may call from outside, for which tenant, and how much. */
export { type Access, openAccess } from './access.ts';
export { makeApiKey } from './api-keys.ts';
export { MountedFile, type MountedFileOptions } from './mounted-file.ts';
export { dayOf, spend } from './quota.ts';
export { type AccessSettings, accessSettings } from './settings.ts';
export { type Bucket, fullBucket, type Rate, type Taken, take } from './token-bucket.ts';
