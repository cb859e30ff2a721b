import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigDefinition, processConfig } from '@atelier/process';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';

/** Every setting is in the README of its service: a variable nobody can find is no configuration. */
const root = join(import.meta.dirname, '..');
const configs = globSync('services/*/src/config.ts', { cwd: root }).sort();

function readme(folder: string): string {
  const path = join(root, folder, 'README.md');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('configuration tables', () => {
  it.each(configs)('%s is documented', async (path) => {
    const { config } = (await import(join(root, path))) as { config: ConfigDefinition<z.ZodObject> };
    const text = readme(path.replace('/src/config.ts', ''));
    expect(config.variables.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('the settings of every process are documented', () => {
    const text = readme('libs/process');
    expect(processConfig.variables.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
