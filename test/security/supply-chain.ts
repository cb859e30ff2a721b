/**
 * `npm run supply-chain -- [folder]`: the SBOM of what is installed (CycloneDX, from the lock file) and what the registry knows against it.
 * Known vulnerabilities that are high or critical fail it; a registry that doesn't answer does not.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const [folder = join(root, '.atelier/supply-chain')] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

function npm(...args: string[]): string {
  return (
    spawnSync('npm', args, { cwd: root, encoding: 'utf8', timeout: 120_000, maxBuffer: 64 << 20 }).stdout ??
    ''
  );
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

const sbom = npm('sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev');
const components = parsed<{ components?: unknown[] }>(sbom)?.components?.length ?? 0;
if (components > 0) {
  writeFileSync(join(folder, 'sbom.cdx.json'), sbom);
  console.log(`${join(folder, 'sbom.cdx.json')}: ${components} components`);
} else {
  console.error('npm could not make an SBOM of the lock file');
  process.exitCode = 1;
}

interface Audit {
  metadata?: { vulnerabilities: Record<string, number> };
  vulnerabilities?: Record<string, { severity: string }>;
}
const report = npm('audit', '--json', '--omit=dev');
const audit = parsed<Audit>(report);
if (audit?.metadata) {
  writeFileSync(join(folder, 'audit.json'), report);
  const { info, low, moderate, high, critical } = audit.metadata.vulnerabilities;
  console.log(
    `known vulnerabilities: ${critical} critical, ${high} high, ${moderate} moderate, ${low} low, ${info} info`,
  );
  for (const [name, { severity }] of Object.entries(audit.vulnerabilities ?? {}))
    console.log(`  ${severity}: ${name}`);
  if ((high ?? 0) + (critical ?? 0) > 0) process.exitCode = 1;
} else {
  console.log('the registry did not answer: dependencies were not compared with known vulnerabilities');
}
