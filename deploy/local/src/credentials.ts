/** Who signs the pictures of a local mesh: whom the environment names, else an identity of this checkout's own. */
import { type DevelopmentIdentity, developmentIdentity } from '@atelier/provenance/development';
import { REPOSITORY } from './services.ts';

const FILES = ['ATELIER_CREDENTIALS_CERTIFICATE_FILE', 'ATELIER_CREDENTIALS_PRIVATE_KEY_FILE'] as const;

/** Made when it is first asked for; removing `.atelier/credentials` makes another, which signs other bytes. */
export const localIdentity = (): Promise<DevelopmentIdentity> =>
  developmentIdentity(`${REPOSITORY}/.atelier/credentials`);

/** What tells an orchestrator who signs, where `env` does not. */
export async function credentialsEnvironment(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  if (FILES.some((name) => env[name] !== undefined)) return {};
  const { certificateFile, privateKeyFile } = await localIdentity();
  return { [FILES[0]]: certificateFile, [FILES[1]]: privateKeyFile };
}
