/** Processor instructions that weights count on: integer weights are slow, and on old processors less exact, without theirs. */
import { readFile } from 'node:fs/promises';

/**
 * The instructions of this machine, as Linux names them ("avx512_vnni", "asimddp"); undefined where the system doesn't tell.
 * @param source what tells them, `/proc/cpuinfo` by default: the flags of an x86 core, the features of an Arm one.
 */
export async function machineInstructions(
  source = '/proc/cpuinfo',
): Promise<ReadonlySet<string> | undefined> {
  const text = await readFile(source, 'utf8').catch(() => '');
  const listed = /^(?:flags|Features)\s*:\s*(.+)$/m.exec(text)?.[1];
  return listed === undefined ? undefined : new Set(listed.trim().split(/\s+/));
}

/**
 * Those of `needed` that are missing. An entry with several names, "avx512_vnni|avx_vnni|asimddp", needs one of them. Nothing is
 * missing on a machine that doesn't tell what it has.
 */
export function missingInstructions(
  needed: readonly string[],
  present: ReadonlySet<string> | undefined,
): string[] {
  if (present === undefined) return [];
  return needed.filter((entry) => !entry.split('|').some((name) => present.has(name)));
}
