/** An identity for one machine: an authority of its own that signs one certificate and forgets its key. */
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { IdentityFiles } from './identity.ts';

export interface DevelopmentIdentity extends IdentityFiles {
  /** PEM: what to trust to have its pictures verified. */
  anchorFile: string;
}

/** The identity in `folder`, made when it is not there; processes that make it at the same time end with one. */
export async function developmentIdentity(folder: string): Promise<DevelopmentIdentity> {
  const files = {
    certificateFile: join(folder, 'certificate.pem'),
    privateKeyFile: join(folder, 'private-key.pem'),
    anchorFile: join(folder, 'anchor.pem'),
  };
  if (await exists(files.anchorFile)) return files;
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  // Needed once in the life of a checkout, and slow to load.
  const { makeCertificates } = await import('./make-certificates.ts');
  const { leaf, anchor, privateKey } = await makeCertificates();
  await writeFile(join(draft, 'certificate.pem'), `${leaf.toString('pem')}\n${anchor.toString('pem')}\n`);
  await writeFile(join(draft, 'private-key.pem'), `${privateKey}\n`, { mode: 0o600 });
  await writeFile(join(draft, 'anchor.pem'), `${anchor.toString('pem')}\n`);
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!(await exists(files.anchorFile))) throw error;
  }
  return files;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
