/** What is wrong with a model bundle. */
export type BundleReason =
  | 'MANIFEST_MISSING'
  | 'MANIFEST_INVALID'
  | 'ROLE_MISSING'
  | 'FILE_MISSING'
  | 'FILE_DAMAGED'
  | 'CONFIG_INVALID'
  | 'INSTRUCTIONS_MISSING';

/** A bundle that can't be used. The message names the bundle folder and the file or role at fault. */
export class BundleError extends Error {
  readonly reason: BundleReason;

  constructor(reason: BundleReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BundleError';
    this.reason = reason;
  }
}
